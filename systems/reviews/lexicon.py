"""The words of the reviews: what is judged, how, and all that does not matter."""

GOOD = """
 amazing beautiful brilliant charming clean clever comfortable cosy delicious delightful elegant enjoyable excellent exciting fabulous
 fantastic fascinating fine flawless friendly fresh funny gorgeous graceful great helpful heavenly impressive incredible inspiring joyful
 kind lively lovely magical magnificent marvellous memorable moving neat nice original outstanding peaceful perfect pleasant polite
 quick refreshing reliable remarkable satisfying smart smooth solid spectacular splendid stunning stylish superb sweet tasteful terrific
 thoughtful thrilling touching useful warm welcoming witty wonderful worthwhile
 good interesting tasty cheerful fair generous gentle healthy honest hilarious juicy crisp creamy tender romantic relaxing quiet safe spacious
 bright modern sunny special strong super cool cute fun awesome adorable attractive creative convincing entertaining exceptional handy ideal
 inventive phenomenal pleasing positive precious professional rich sensational sincere skilful successful sublime superior sparkling
 unforgettable valuable vibrant wise worthy clear balanced calm careful durable efficient fast flexible inspired
""".split()
BAD = """
 annoying appalling atrocious awful awkward bad bland boring broken careless chaotic cheap clumsy cold confusing cramped crooked damp
 depressing dirty disappointing disgusting dreadful dreary dull dusty empty faulty feeble filthy flat flawed foul frustrating ghastly
 gloomy grim grubby hideous hopeless horrible horrid inferior irritating lame lazy lifeless lousy mediocre messy miserable nasty
 noisy painful pathetic poor predictable rude ruined rusty sad shabby shoddy silly sloppy slow sour stale stupid tasteless tedious
 terrible tiresome ugly uncomfortable unfriendly unpleasant unreliable useless vile weak worthless
 worse unfair unhappy unsafe unclear unhealthy loud greasy burnt salty bitter dry soggy tough overcooked overpriced expensive angry arrogant
 bumpy clueless confused crowded cruel deafening defective dim dishonest disorganised faded fake forgettable freezing grumpy harsh horrific
 ignorant impolite inconvenient inedible irrelevant leaky lukewarm monotonous moody mouldy outdated pointless repetitive repulsive ridiculous
 scary sticky stressful stuffy tired unbearable unhelpful uninspired uninteresting unprofessional unusable unwelcoming weird wobbly wooden wrong
 negative
""".split()
DEGREES = (
    "",
    "",
    "",
    "very",
    "really",
    "quite",
    "truly",
    "rather",
    "simply",
    "so",
    "absolutely",
    "extremely",
    "surprisingly",
)
LIKE, LIKED = (
    "love like enjoy adore recommend appreciate".split(),
    "loved liked enjoyed adored recommended appreciated".split(),
)
HATE, HATED = "hate dislike regret detest despise".split(), "hated disliked regretted detested despised".split()
NOT = ("not", "never", "hardly", "not at all", "by no means", "anything but", "far from")

ASPECTS = {  # what is reviewed: what is judged of it
    "restaurant": "food soup dessert service waiter kitchen fish salad bread menu cook pasta steak sauce cake breakfast terrace wine",
    "hotel": "room bed bathroom view staff breakfast pool lobby shower garden balcony reception pillow lift sauna towel blanket corridor",
    "film": "story ending acting music hero camera dialogue plot cast humour opening scenery villain editing soundtrack script finale director",
    "book": "story style ending heroine language plot chapter translation humour cover dialogue author narrator epilogue drawing print",
    "phone": "screen camera battery sound design keyboard charger speaker case display signal microphone button menu lens software",
    "museum": "guide exhibition café garden building collection shop audio entrance hall painting sculpture lighting ticket staircase tour",
    "concert": "singer band sound light stage hall drummer choir programme orchestra encore pianist audience conductor guitarist melody",
    "bicycle": "saddle frame brake gear colour bell chain light handlebar pedal basket tyre lock wheel mudguard ride",
    "course": "teacher lesson room homework material exercise group explanation example schedule exam classroom textbook workshop lecture project",
}
WHOLE = {  # what the whole is called in a verdict
    "restaurant": "evening meal dinner place visit", "hotel": "stay place holiday weekend hotel", "film": "film evening movie picture premiere",
    "book": "book novel read volume", "phone": "phone device purchase model", "museum": "museum visit afternoon place",
    "concert": "concert show evening performance", "bicycle": "bicycle bike purchase model", "course": "course class experience programme",
}  # fmt: skip

FAMILY = """
 sister brother aunt uncle cousin neighbour colleague boss friend teacher grandmother grandfather nephew niece dentist hairdresser
 flatmate daughter son mother father wife husband landlord trainer doctor partner classmate
""".split()
NAMES = """
 Alice Amir Anna Ben Carla Chloe Daniel David Elena Emil Emma Fatima Felix Grace Hana Hugo Ines Ivan Jack Jisoo Jonas Julia Jun Karim
 Kate Leo Lily Lucas Maria Mateo Mia Mina Minjun Nadia Nina Noah Olga Omar Oscar Paul Petra Rosa Sam Sara Seoyeon Sofia Sora Theo Tom
 Vera Victor Yuna Zoe
""".split()
ELSEWHERE = """
 airport train bus taxi station weather traffic supermarket bakery barber library gym office cinema campsite ferry motorway motorbike
 zoo circus market laundry bank canteen dentist airline newspaper radio lamp sofa kettle jacket umbrella suitcase laptop printer tent
 piano car garage pharmacy playground festival carnival stadium harbour castle aquarium heater
 hairdryer toaster tram lighthouse tunnel bridge barn cottage pub
""".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
SEASONS = "spring summer autumn winter".split()
NUMBERS = "two three four five six seven eight nine ten eleven twelve twenty thirty".split()
CITIES = """
 Seoul Busan London Paris Madrid Berlin Vienna Prague Rome Milan Oslo Lisbon Dublin Warsaw Athens Cairo Delhi Tokyo Kyoto Boston Toronto
 Sydney Lima Quito Bergen Geneva Lyon Porto Ghent Utrecht Krakow Zagreb Riga Tallinn Helsinki Naples
""".split()
JOBS = """
 nurse farmer pilot painter lawyer baker gardener plumber engineer chemist librarian sailor tailor carpenter clerk butcher journalist
 translator florist optician electrician fisherman judge archaeologist geologist surgeon
""".split()
OBJECTS = """
 camera map notebook pencil guitar parcel backpack scarf ticket basket kite telescope ladder bucket candle clock mirror helmet blanket
 ladder flute puzzle calendar compass lantern hammer thermos postcard stamp poster globe vase
""".split()
ANIMALS = "cat dog horse rabbit parrot hamster goat duck pony tortoise donkey goldfish sheep hen".split()
COLOURS = "red blue green yellow grey brown black white purple orange pink turquoise".split()
DEEDS = """
 cooked danced jogged painted studied travelled waited worked slept swam sang read paused walked argued laughed listened talked queued
 gardened
""".split()
