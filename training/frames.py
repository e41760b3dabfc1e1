"""Sentence frames for commands; {n} is the device, {v} the value."""

from .words import phrases

CONTROL: dict[str, tuple[str, ...]] = {
    "on": phrases(
        """
        turn on {n}; turn {n} on; switch on {n}; switch {n} on; put {n} on; {n} on
        put on {n}; power on {n}; power up {n}; activate {n}; enable {n}; start {n}
        get {n} on; get {n} running; i want {n} on; i'd like {n} on
        make sure {n} is on; have {n} on; fire up {n}; {n} should be on; bring {n} on
        set {n} to on; run {n}; i need {n} on; let {n} run; turn {n} back on
        flip {n} on; {n} needs to be on
        """
    ),
    "off": phrases(
        """
        turn off {n}; turn {n} off; switch off {n}; switch {n} off; put {n} off
        {n} off; shut off {n}; shut {n} off; power off {n}; power down {n}
        deactivate {n}; disable {n}; get {n} off; i want {n} off; i'd like {n} off
        make sure {n} is off; have {n} off; kill {n}; {n} should be off; cut {n}
        set {n} to off; stop {n}; i don't need {n} anymore; no more {n}
        turn {n} back off; shut down {n}; {n} can go off; we don't need {n} any more
        """
    ),
    "light_on": phrases(
        """
        light up {n}; illuminate {n}; {n} please, it's dark
        i need some light from {n}; let {n} shine; brighten things up with {n}
        """
    ),
    "light_off": phrases(
        "put out {n}; douse {n}; {n} out; turn out {n}; extinguish {n}"
    ),
    "open": phrases(
        """
        open {n}; open up {n}; pull {n} up; raise {n}; put {n} up; {n} up; {n} open
        get {n} open; i want {n} open; roll up {n}; lift {n}; have {n} open
        set {n} to open; open {n} completely; open {n} all the way; fully open {n}
        {n} should be open; draw {n} back
        """
    ),
    "close": phrases(
        """
        close {n}; close up {n}; shut {n}; lower {n}; put {n} down; {n} down
        {n} closed; get {n} closed; i want {n} closed; roll down {n}; let {n} down
        have {n} closed; set {n} to closed; close {n} completely
        close {n} all the way; {n} should be closed; pull {n} down; bring {n} down
        draw {n}
        """
    ),
    "lock": phrases(
        """
        lock {n}; lock up {n}; {n} locked; lock {n} up; make sure {n} is locked
        secure {n}; bolt {n}; get {n} locked; {n} should be locked; i want {n} locked
        have {n} locked
        """
    ),
    "unlock": phrases(
        """
        unlock {n}; {n} unlocked; unbolt {n}; get {n} unlocked; i want {n} unlocked
        unlock {n} so they can come in; release {n}; make sure {n} is unlocked
        """
    ),
    "stop": phrases(
        """
        stop {n}; halt {n}; hold {n}; freeze {n}; stop moving {n}; {n} stop
        stop {n} there
        """
    ),
    "start": phrases(
        """
        start {n}; run {n}; send {n} out; let {n} run; turn on {n}; send out {n}
        have {n} clean; let {n} do its job; get {n} going; launch {n}; make {n} start
        begin with {n}; {n} can start
        """
    ),
    "dock": phrases(
        """
        dock {n}; send {n} home; send {n} back; return {n} to its base
        {n} back to base; {n} home; bring {n} back; turn off {n}; call {n} back
        send {n} to the dock; {n} should go home; have {n} return to the dock
        park {n}; get {n} back to the station
        """
    ),
    "scene": phrases(
        """
        activate {n}; start {n}; set the scene {n}; scene {n}; turn on {n}
        switch to {n}; it's time for {n}
        """
    ),
}
MEDIA: dict[str, tuple[str, ...]] = {
    "play": phrases(
        """
        play {n}; resume {n}; continue {n}; unpause {n}; start playing on {n}
        play on {n}; let {n} play; go on with {n}; press play on {n}
        """
    ),
    "pause": phrases(
        """
        pause {n}; {n} pause; put {n} on pause; hold {n}; halt {n}
        stop playing on {n}; pause what's on {n}; press pause on {n}; hit pause on {n}
        """
    ),
    "next": phrases(
        """
        next on {n}; next song on {n}; next track on {n}; skip on {n}
        skip this song on {n}; skip track on {n}; skip ahead on {n}; {n} next track
        next title on {n}
        """
    ),
    "previous": phrases(
        """
        previous on {n}; previous song on {n}; last track on {n}
        go back a song on {n}; previous track on {n}; one song back on {n}
        {n} previous track; play the last song again on {n}
        """
    ),
    "mute": phrases(
        """
        mute {n}; {n} mute; silence {n}; make {n} quiet; shut {n} up; sound off on {n}
        no sound on {n}; put {n} on mute
        """
    ),
    "unmute": phrases(
        """
        unmute {n}; {n} unmute; sound back on for {n}; take {n} off mute
        end the mute on {n}; turn the sound of {n} back on
        """
    ),
    "louder": phrases(
        """
        make {n} louder; {n} louder; turn up {n}; turn {n} up; turn up the volume of {n}
        volume up on {n}; {n} is too quiet; raise the volume on {n}; crank up {n}
        i can't hear {n}; turn {n} up a bit; a little louder on {n}; more volume on {n}
        increase the volume of {n}
        """
    ),
    "quieter": phrases(
        """
        make {n} quieter; {n} quieter; turn down {n}; turn {n} down; softer on {n}
        turn down the volume of {n}; volume down on {n}; {n} is too loud
        lower the volume on {n}; turn {n} down a bit; less volume on {n}
        a little quieter on {n}; decrease the volume of {n}; not so loud with {n}
        """
    ),
}
SET: dict[str, tuple[str, ...]] = {
    "brightness": phrases(
        """
        set {n} to {v} percent; set {n} to {v}%; dim {n} to {v} percent
        dim {n} to {v}%; {n} to {v} percent; {n} {v} percent; {n} at {v}%
        brightness of {n} to {v} percent; set the brightness of {n} to {v}%
        set {n} brightness to {v}; turn {n} down to {v} percent
        turn {n} up to {v} percent; make {n} {v} percent bright
        put {n} on {v} percent; bring {n} to {v}%; change {n} to {v} percent
        adjust {n} to {v} percent brightness; i'd like {n} at {v} percent
        let's have {n} at {v} percent; dim {n} down to {v} percent
        turn on {n} at {v} percent
        """
    ),
    "color": phrases(
        """
        set {n} to {v}; make {n} {v}; turn {n} {v}; change {n} to {v}; {n} in {v}
        color {n} {v}; {n} {v}; set the color of {n} to {v}; i want {n} {v}
        change the color of {n} to {v}; let {n} glow {v}; switch {n} to {v}
        have {n} in {v}; paint {n} {v}; light up {n} in {v}; set {n} colour to {v}
        give me {v} on {n}
        """
    ),
    "kelvin": phrases(
        """
        set {n} to {v} kelvin; {n} to {v} kelvin; {n} at {v} K
        set the color temperature of {n} to {v} kelvin; make {n} {v} kelvin
        change {n} to {v}K; color temperature of {n} {v}; white at {v} kelvin for {n}
        """
    ),
    "kelvin_word": phrases(
        """
        set {n} to {v}; make {n} {v}; change {n} to {v}; {n} in {v}; {n} {v}
        i want {n} {v}; switch {n} to {v}; turn {n} to {v}
        """
    ),
    "temperature": phrases(
        """
        set {n} to {v} degrees; set {n} to {v}; {n} to {v} degrees; {n} to {v}
        turn {n} up to {v} degrees; turn {n} down to {v} degrees; put {n} on {v}
        change {n} to {v} degrees; adjust {n} to {v}
        set the temperature of {n} to {v} degrees; turn {n} up to {v}
        set {n} temperature to {v}; i want {n} at {v} degrees; heat {n} to {v} degrees
        make it {v} degrees with {n}; {n} {v} degrees; bring {n} to {v} degrees
        {n} at {v}°C; set {n} to {v}°; lower {n} to {v} degrees
        raise {n} to {v} degrees; turn {n} down to {v}
        """
    ),
    "position": phrases(
        """
        set {n} to {v} percent; open {n} to {v} percent; {n} to {v} percent
        {n} at {v}%; set the position of {n} to {v}%; open {n} {v} percent
        put {n} at {v} percent; move {n} to {v} percent; let's have {n} at {v} percent
        bring {n} to {v}%; {n} {v} percent open; raise {n} to {v} percent
        lower {n} to {v} percent; set {n} to {v}%; i want {n} {v} percent open
        """
    ),
    "volume": phrases(
        """
        set the volume of {n} to {v} percent; set {n} to {v} percent; {n} volume {v}
        volume of {n} to {v}; turn {n} down to {v} percent; turn {n} up to {v} percent
        set {n} volume to {v}%; {n} to {v} percent; make {n} {v} percent loud
        put {n} at {v} percent volume; change the volume on {n} to {v}
        turn the volume of {n} to {v} percent; {n} at {v}%; lower {n} to {v} percent
        turn {n} to {v}%
        """
    ),
    "speed": phrases(
        """
        set {n} to {v} percent; set the speed of {n} to {v} percent; {n} at {v}%
        {n} speed {v}; run {n} at {v} percent; turn {n} up to {v} percent
        turn {n} down to {v} percent; set {n} speed to {v}%
        let {n} spin at {v} percent; {n} to {v} percent; put {n} at {v} percent speed
        """
    ),
}
# Values said as words, for every percentage.
SHARES: dict[int, tuple[str, ...]] = {
    50: phrases(
        """
        set {n} to half; {n} halfway; let's have {n} halfway; {n} to fifty percent
        put {n} halfway; {n} half; bring {n} to the middle; set {n} to halfway
        {n} at half; i'd like {n} halfway; move {n} halfway
        """
    ),
    25: phrases(
        """
        set {n} to a quarter; {n} to one quarter; {n} a quarter
        bring {n} to a quarter; put {n} at one quarter
        """
    ),
    75: phrases(
        """
        set {n} to three quarters; {n} to three quarters; put {n} at three quarters
        bring {n} to three quarters
        """
    ),
    100: phrases(
        """
        set {n} to full; {n} to maximum; {n} full; put {n} at full; {n} to the max
        set {n} to maximum; bring {n} to one hundred percent
        """
    ),
}
BRIGHT: dict[int, tuple[str, ...]] = {
    100: phrases(
        """
        {n} full brightness; make {n} as bright as possible; {n} to full brightness
        set {n} to maximum brightness; all the way up with {n}
        """
    ),
    50: phrases(
        """
        half brightness for {n}; {n} at half brightness; set {n} to half brightness
        """
    ),
    30: phrases(
        """
        dim {n}; make {n} dim; {n} dimmed; dim {n} a bit; soften {n}
        make {n} less bright; {n} is too bright; turn {n} down a little
        """
    ),
    80: phrases(
        """
        brighten {n}; make {n} brighter; {n} brighter; {n} is too dim
        turn {n} up a little; {n} is not bright enough
        """
    ),
    10: phrases(
        """
        {n} very low; make {n} very dim; {n} to a minimum; set {n} as low as possible
        just a glimmer from {n}
        """
    ),
}
