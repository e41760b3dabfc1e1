"""Which sentences may well be no order, so that nothing is moved without asking."""

import pytest

from custom_components.hearth.agent.hedges import may_be_no_order

ORDERS = """
    open the garage door
    please unlock the front door
    could you close the living room blinds
    can you let my friend in
    would you mind opening the gate
    why don't you close the curtains
    I told you to lock the door
    blinds down please
    the sun is blinding me, close the shutters
    it's too bright in here
    set the bedroom blinds to fifty percent
    how about opening the curtains
    lock up
    the front door, unlock it right away
    lock the front door for tonight
    it would be nice to have the blinds closed
    shut the workshop, I've finished for the day
    chuck the bolt across on the shed i've had enough
    my neighbours were staring, so close the curtains
    he's outside, unlock the front door
    open gate two, I tell a lie, open the front gate
    the living room blinds a third open, if you'd be so kind
    shut the lounge blind while you're at it
    let her in
    open the gate for him
    raise the garage door for her!
    somebody draw those shades
    raise the curtains er no not them i mean the blind
    leave the living room blinds open just a crack like ten percent
    leave the curtains just a third open
"""
NONE = """
    don't open the garage door
    Don\u2019t open the garage door
    dont open the garage door
    I told her to open the gate
    leave the front door unlocked
    the curtain is closed and that's good
    the garage door is open on purpose
    open the gate when I come home
    unlock the door at seven
    close the blinds in ten minutes
    open the blinds tomorrow
    who opened the garage door
    is the front door locked
    what happens if somebody opens the gate
    he wants the garage open
    I'll open it myself
    thanks for closing the blinds
    I won't have you unlock the door
    my father should lock the shed
    there is no need to open the blinds
    the song is about opening the door
    to open the gate would be dangerous
    the entryway shutters open, yeah?
    the balcony door must be unlocked daily
    I'd like the shutter half way down on Christmas Eve
    in case I fall asleep, pull the shades to halfway
    at bedtime the blackout blind to eighteen percent
    another time the curtains can be open
    this evening the driveway gate must be shut
    close the shutters tonight
    locking the cellar door would be a lot of work
    he said, open the gate
    open the gate for her brother, she said
    somebody opened the gate
    the locks all over the house, all locked
    would the side door still be locked at all
    hey computer, could it be that I shut the awning
    no offence to the blinds, but I preferred the old ones
    leave the curtains open
    not them, that is what I mean
    close the gate, she told me
    open the gate, close it, he did both
    I nearly put the kettle on
    when I get home, turn on the lamp
    tomorrow morning turn on the lamp, it's for the plants
    she says turn it off, it's late
"""


def lines(text: str) -> list[str]:
    """Return the sentences of a list."""
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("said", lines(ORDERS))
def test_an_order(said: str) -> None:
    """Who says plainly what is to be done is not asked again."""
    assert not may_be_no_order(said, "en")


@pytest.mark.parametrize("said", lines(NONE))
def test_perhaps_none(said: str) -> None:
    """Not, not now, by somebody else, or only told: there may be nothing to do."""
    assert may_be_no_order(said, "en-GB")


@pytest.mark.parametrize("language", ["de", "fr-CA", "*"])
def test_other_languages(language: str) -> None:
    """What is not known is not held against anybody."""
    assert not may_be_no_order("don't open the garage door", language)


BESIDE = """
    I can't sleep in this stale air, set the bedroom fan going
    he's got maths first thing in the morning, kill the gaming rig
    turn the desk lamp off, we don't need it
    the baby won't sleep so turn the radio down
    Donna's not well, dim the study lamp
"""


@pytest.mark.parametrize("said", lines(BESIDE))
def test_told_beside_an_order(said: str) -> None:
    """What is told beside the only order counts where it is taken strictly."""
    assert may_be_no_order(said, "en")
    assert not may_be_no_order(said, "en", strictly=False)


@pytest.mark.parametrize("said", lines(NONE))
def test_no_order_is_told(said: str) -> None:
    """Sentences that are no order are none, however they are taken."""
    assert may_be_no_order(said, "en", strictly=False)
