"""Word lists that homes are drawn from, and words nobody ever heard."""

from random import Random


def phrases(text: str) -> tuple[str, ...]:
    """Split a text at semicolons and line ends."""
    return tuple(part.strip() for part in text.strip().replace("\n", ";").split(";"))


AREAS = phrases("""
Kitchen; Living room; Bedroom; Bathroom; Hallway; Office; Garage; Garden; Attic
Basement; Cellar; Dining room; Guest room; Nursery; Kids room; Playroom; Library
Laundry; Laundry room; Utility room; Pantry; Porch; Patio; Terrace; Balcony
Driveway; Entrance; Foyer; Stairs; Landing; Study; Den; Gym; Workshop; Shed
Greenhouse; Conservatory; Sunroom; Master bedroom; Main bathroom; Guest bathroom
Toilet; Powder room; Walk-in closet; Wardrobe; Dressing room; Music room
Game room; Home cinema; Media room; Lounge; Lobby; Corridor; Mudroom; Boiler room
Server room; Storage; Storage room; Wine cellar; Sauna room; Spa; Pool; Pool house
Carport; Front yard; Back yard; Backyard; Courtyard; Veranda; Deck; Roof; Loft
Studio; Art room; Sewing room; Craft room; Hobby room; Chapel; Stable; Barn
Kennel; Tool shed; Bike room; Elevator; Reception; Meeting room; Break room
Parents room; Grandma's room; Ensuite; Wet room; Snug; Breakfast nook; Bar
Scullery; Orangery; Summer house; Guest house; Annex; Tea room; Meditation room
Reading corner; Vestibule; Boot room; Cloakroom; Shower; Vegetable garden; Orchard
Front garden; Back garden; Gate; Yard; Upper hall; Lower hall; Long corridor
Küche; Wohnzimmer; Büro; Salon; Cuisine; Schlafzimmer; Flur; Bad
""")
FLOORS = phrases("""
Ground floor; First floor; Second floor; Third floor; Upstairs; Downstairs
Basement level; Top floor; Outside; Outdoors; Main floor; Lower level
Upper level; Attic floor; Garden level; Mezzanine; Penthouse; Level 0; Level 1
Level 2; East wing; West wing; North wing; Annex floor; Lower floor; Upper floor
""")
PERSONS = phrases("""
Anna; Ben; Clara; David; Emma; Felix; Greta; Hugo; Ida; Jack; Karl; Lena; Max
Nora; Oscar; Paula; Quentin; Rosa; Sam; Tina; Uma; Victor; Wendy; Yara; Zoe
Liam; Mia; Noah; Olivia; Ella; Theo; Jonas; Mila; Lucas; Amelia; Ravi; Priya
Chen; Mei; Yuki; Omar; Fatima; Ali; Sofia; Mateo; Lucia; Ivan; Olga; Lars; Astrid
Marek; Kasia; Pierre; Chloé; Jürgen; Søren; Björn; Tom; Tim; Kate; Mom; Dad
Grandma; Grandpa; Papa; Mama
""")
ADJECTIVES = phrases("""
small; big; old; new; main; second; upper; lower; north; south; east; west; front
back; side; inner; outer; white; black; red; green; blue; yellow; tall; short
long; corner; wall; smart; spare; little; large; antique; vintage; modern; mini
central; left; right; middle; double; single; warm; rear; hidden; secret; portable
""")
LIGHTS = phrases("""
ceiling; ceiling light; lamp; light; lights; floor lamp; table lamp; desk lamp
reading lamp; bedside lamp; night light; spotlight; spotlights; spots; pendant
pendant light; chandelier; LED strip; light strip; strip; downlights; uplight
wall light; sconce; mirror light; mirror; counter; counter light; cabinet light
cabinet lights; island; island light; shelf light; shelf; bookshelf; stairs light
step lights; path; path light; flood light; floodlight; lantern; fairy lights
string lights; candle; bulb; globe; tree light; hood light; vanity; vanity light
closet light; workbench light; sofa lamp; corner lamp; arc lamp; lava lamp
salt lamp; piano lamp; aquarium light; stage light; neon sign; moon lamp; track
picture light; window light; bench light; doorbell light; sink light; bar lights
glow; accent; accent light; ambient light; backlight; tripod lamp; glass lamp
""")
SWITCHES = phrases("""
coffee machine; dishwasher; printer; irrigation; EV charger; car charger; kettle
toaster; washing machine; dryer; fridge; freezer; microwave; oven; fountain
Christmas tree; aquarium pump; pond pump; pool pump; heater; space heater
electric blanket; heated towel rail; towel rail; boiler; water heater; router
NAS; server; game console; record player; turntable; amplifier; projector power
desk power; monitor; screens; computer; PC; laptop charger; phone charger
bike charger; scooter charger; battery charger; soldering iron; 3D printer; saw
compressor; air pump; sprinkler; sprinklers; lawn sprinkler; drip watering
waterfall; hot tub; jacuzzi; sauna heater; doorbell; chime; socket; outlet; plug
power strip; extension lead; radio; lava machine; popcorn machine; rice cooker
slow cooker; bread maker; ice maker; wine cooler; dehumidifier plug; fan heater
foot warmer; incubator; grow light plug; terrarium heater; cat feeder; dog feeder
fish feeder; bird bath; shaver; curling iron; iron; treadmill; exercise bike
sewing machine; popcorn maker; juicer; blender; mixer; warming drawer; ventilation
guest wifi; adblock; recirculation pump; sump pump; well pump; telescope; karaoke
""")
COVERS = phrases("""
blinds; blind; curtain; curtains; shutter; shutters; roller shutter; shade
shades; roller blind; venetian blinds; drapes; awning; sunshade; skylight
skylight blind; screen; parasol; pergola; roof window; canopy; sun screen
""")
GATES = phrases(
    "garage door; gate; front gate; side gate; carport gate; driveway gate; barn door"
)
LOCKS = phrases("""
front door; back door; door; door lock; lock; side door; cellar door; gate lock
patio door; shed lock; entrance; main door; safe; smart lock; deadbolt; pet door
terrace door; letterbox; wine cabinet; gun safe; balcony door; gate latch
""")
CLIMATES = phrases("""
thermostat; heating; heater; radiator; AC; air conditioner; air conditioning
underfloor heating; floor heating; heat pump; radiator valve; climate; stove
fireplace; boiler control; convector; split unit
""")
FANS = phrases("""
fan; ceiling fan; extractor; extractor fan; ventilator; tower fan; air purifier
exhaust fan; hood; cooker hood; desk fan; air circulator; purifier; ventilation
""")
MEDIA = phrases("""
TV; television; soundbar; speaker; speakers; radio; stereo; hi-fi; projector
receiver; record player; music box; jukebox; cinema; Apple TV; Chromecast
smart display; boombox; home theater; streamer; kitchen radio; shower speaker
""")
VACUUMS = phrases("""
vacuum; vacuum cleaner; robot; robot vacuum; robovac; hoover; mop; mopping robot
cleaning robot; sweeper; pool robot; window robot
""")
MOWERS = phrases("mower; lawn mower; robot mower; lawn robot; grass cutter")
VALVES = phrases("""
water valve; main valve; gas valve; garden tap; tap; irrigation valve; drip valve
lawn valve; pond valve; radiator loop; hose
""")
HUMIDIFIERS = phrases("humidifier; dehumidifier; diffuser; air humidifier")
SCENES = phrases("""
movie night; dinner; good morning; bedtime; party; relax; focus; sunrise; romance
cleaning time; away; holiday; reading; work mode; game night; cosy evening; yoga
""")
HELPERS = phrases("""
guest mode; vacation mode; night mode; party mode; away mode; quiet hours; alarm
sleep mode; baby mode; eco mode; holiday lights; presence simulation; child lock
""")
BUTTONS = phrases(
    "restart; doorbell button; feed cat; water plants; open hatch; call lift"
)
# Brand-like words; none is meant to be a real product.
BRANDS = phrases("""
Lumexa; Nordlux; Aurea; Brightly; Glowa; Kasora; Ikaro; Solenne; Vexo; Tradly
Huenova; Osmio; Zigby; Tasmo; Sonet; Mirabo; Eufara; Dreamo; Robora; Nestor
Vacuma; Ecoheat; Tado One; Velluxa; Somfa; Netaro; Aqora; Wyzel; Merosso; Shellby
""")
SYLLABLES = phrases("""
ba; be; bi; bo; bra; bri; cal; cor; da; del; dor; dra; el; en; fa; fen; fi; flo
ga; gor; gri; ha; hel; hol; in; jo; ka; kel; kir; kra; la; len; lo; lum; ma; mel
mi; mor; na; nel; no; nor; ol; or; pa; pel; pi; plo; qua; ra; rel; ri; ro; sa; sel
shi; sol; sta; ta; tel; ti; tor; tra; u; ul; va; vel; vi; vor; wa; wel; wi; xa; ya
yor; za; zel; zi; zor; ck; sh; mp; nd; x; th; ss; gh
""")


def invented(rng: Random) -> str:
    """Return a word that is in no dictionary, so that it must be copied."""
    word = "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 3)))
    return word.capitalize()


def code(rng: Random) -> str:
    """Return a model-number-like word."""
    letters = "".join(
        rng.choice("ABCDEGHKLMNPRSTVXZ") for _ in range(rng.randint(1, 2))
    )
    return f"{letters}{rng.choice(['', '-'])}{rng.randint(1, 99)}"
