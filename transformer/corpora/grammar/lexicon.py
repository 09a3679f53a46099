"""The words of the English-French grammar: nouns, adjectives, verbs and names with every form the sentences need.

Each table reads like a page of a dictionary: the English word, its French translation and, after it, only the forms
that no rule gives. A word is always translated the same way, so that one English sentence has one French sentence.
"""

from dataclasses import dataclass
from typing import Literal

Gender = Literal["m", "f"]


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun, singular and plural, in both languages, and the gender French gives it."""

    english: str
    english_plural: str
    french: str
    french_plural: str
    gender: Gender


@dataclass(frozen=True, slots=True)
class Adjective:
    """An adjective, its four French forms and its place: before the noun, after it, or only as a predicate."""

    english: str
    masculine: str
    feminine: str
    place: str

    def agree(self, gender: Gender, plural: bool) -> str:
        """The French form for that gender and number: `noir, noire, noirs, noires`."""
        form = self.masculine if gender == "m" else self.feminine
        return french_plural(form) if plural else form


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its English forms, its French present (je, tu, il, nous, ils), participle and auxiliary, and its uses."""

    base: str
    third: str
    past: str
    progressive: str
    infinitive: str
    present: tuple[str, ...]
    participle: str
    auxiliary: str
    subject: str = "animate"
    objects: tuple[str, ...] = ()
    tenses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Name:
    """A first name, written the same in both languages."""

    text: str
    gender: Gender


def french_plural(word: str) -> str:
    """The plural by rule: `chats, chevaux, bateaux, gris`. Words that break it give their plural in the table."""
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith("al"):
        return word[:-2] + "aux"
    return word + ("x" if word.endswith(("eau", "eu")) and word != "bleu" else "s")


def english_plural(word: str) -> str:
    """The plural (and the third person) by rule: `cats, boxes, babies`."""
    if word.endswith(("s", "x", "sh", "ch", "o")):
        return word + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def nouns(table: str) -> tuple[Noun, ...]:
    """Reads rows of `english french gender [english plural [french plural]]`."""
    return tuple(noun(*row.split()) for row in table.strip().splitlines())


def noun(english: str, french: str, gender: str, many: str = "", plusieurs: str = "") -> Noun:
    """One noun; a plural that is not given follows the rule."""
    plurals = many or english_plural(english), plusieurs or french_plural(french)
    return Noun(english, plurals[0], french, plurals[1], "m" if gender == "m" else "f")


PEOPLE = nouns("""
boy garçon m
girl fille f
man homme m men
woman femme f women
child enfant m children
king roi m
queen reine f
prince prince m
princess princesse f
brother frère m
sister sœur f
father père m
mother mère f
uncle oncle m
aunt tante f
neighbour voisin m
doctor médecin m
nurse infirmière f
teacher professeur m
student étudiant m
actress actrice f
waitress serveuse f
hero héros m
witch sorcière f
""")

ANIMALS = nouns("""
cat chat m
dog chien m
horse cheval m
cow vache f
bird oiseau m
mouse souris f mice
rabbit lapin m
goat chèvre f
hen poule f
lion lion m
bear ours m
wolf loup m wolves
turtle tortue f
frog grenouille f
snake serpent m
spider araignée f
ant fourmi f
elephant éléphant m
monkey singe m
giraffe girafe f
owl chouette f
animal animal m
""")

OBJECTS = nouns("""
car voiture f
book livre m
table table f
chair chaise f
key clé f
letter lettre f
bag sac m
box boîte f
lamp lampe f
clock horloge f
hat chapeau m
shirt chemise f
shoe chaussure f
umbrella parapluie m
boat bateau m
phone téléphone m
bottle bouteille f
plate assiette f
knife couteau m knives
ball ballon m
guitar guitare f
flower fleur f
gift cadeau m
newspaper journal m
suitcase valise f
trophy trophée m
basket panier m
door porte f
window fenêtre f
tree arbre m
""")

FOODS = nouns("""
apple pomme f
orange orange f
egg œuf m
cake gâteau m
carrot carotte f
pear poire f
""")

MASSES = nouns("""
food nourriture f
bread pain m
meat viande f
cheese fromage m
soup soupe f
rice riz m
butter beurre m
jam confiture f
""")

DRINKS = nouns("""
water eau f
milk lait m
coffee café m
tea thé m
""")

WAYS = nouns("""
street rue f
road route f
avenue avenue f
bridge pont m
path chemin m
tunnel tunnel m
river rivière f
lake lac m
valley vallée f
field champ m
""")

PLACES = nouns("""
house maison f
garden jardin m
market marché m
beach plage f
school école f
hotel hôtel m
village village m
city ville f
station gare f
church église f
park parc m
castle château m
hospital hôpital m
museum musée m
island île f
""")

NOUN = {row.english: row for table in (PEOPLE, ANIMALS, OBJECTS, FOODS, MASSES, DRINKS, WAYS, PLACES) for row in table}


def pick(names: str) -> tuple[Noun, ...]:
    """The nouns of those English names."""
    return tuple(NOUN[name] for name in names.split())


GROUPS: dict[str, tuple[Noun, ...]] = {
    "person": PEOPLE,
    "animal": ANIMALS,
    "animate": PEOPLE + ANIMALS,
    "object": OBJECTS,
    "movable": tuple(row for row in OBJECTS if row.english not in {"door", "window", "tree"}),
    "food": FOODS,
    "mass": MASSES,
    "drink": DRINKS,
    "way": WAYS,
    "place": PLACES,
    "text": pick("book letter newspaper"),
    "openable": pick("door window box bag suitcase bottle book letter gift"),
    "closable": pick("door window box bag suitcase bottle book umbrella"),
    "fragile": pick("chair lamp clock bottle plate guitar window phone umbrella"),
    "container": pick("box bag suitcase basket"),
    "content": pick("trophy book lamp hat shoe ball guitar bottle plate clock"),
    "indoors": pick("house garden park castle hospital school church museum hotel village city"),
    "at": tuple(row for row in PLACES if row.english not in {"island", "city", "garden"}),
    "kin": pick("brother sister father mother uncle aunt"),
    "relative": pick("brother sister father mother uncle aunt neighbour teacher child doctor"),
    "pet": pick("cat dog horse rabbit cow goat mouse turtle hen bird"),
}


def adjectives(table: str) -> dict[str, Adjective]:
    """Reads rows of `english masculine feminine place`; `=` is the masculine again, `+` the masculine and an e."""
    rows = (row.split() for row in table.strip().splitlines())
    return {
        english: Adjective(english, masculine, {"=": masculine, "+": masculine + "e"}.get(feminine, feminine), place)
        for english, masculine, feminine, place in rows
    }


ADJECTIVES = adjectives("""
small petit + before
big grand + before
old vieux vieille before
young jeune = before
new nouveau nouvelle before
beautiful beau belle before
pretty joli + before
good bon bonne before
bad mauvais + before
long long longue before
black noir + after
white blanc blanche after
grey gris + after
red rouge = after
green vert + after
blue bleu + after
yellow jaune = after
heavy lourd + after
light léger légère after
expensive cher chère after
dirty sale = after
modern moderne = after
strange étrange = after
dangerous dangereux dangereuse after
tired fatigué + after
happy content + after
sad triste = after
sick malade = after
kind gentil gentille before
funny drôle = after
intelligent intelligent + after
rich riche = after
brave courageux courageuse after
curious curieux curieuse after
lazy paresseux paresseuse after
shy timide = after
nervous nerveux nerveuse after
proud fier fière after
scared effrayé + after
clumsy maladroit + after
stubborn têtu + after
angry fâché + predicate
ready prêt + predicate
alone seul + predicate
hot chaud + after
cold froid + after
fresh frais fraîche after
salty salé + after
spicy épicé + after
delicious délicieux délicieuse after
rotten pourri + after
wide large = after
narrow étroit + after
deep profond + after
crowded bondé + after
slippery glissant + after
""")

REASONS: dict[str, str] = {  # why somebody does something
    "sleep": "tired sick",
    "sing": "happy",
    "dance": "happy",
    "run": "scared angry happy",
    "swim": "happy brave",
    "cry": "sad tired sick scared angry alone nervous",
    "laugh": "happy nervous",
    "work": "ready intelligent",
    "play": "happy alone",
    "walk": "tired alone sick",
}
OBSTACLES = "tired sick sad scared shy lazy angry nervous"  # why somebody does not do something

BEFORE_VOWEL = {"vieux": "vieil", "nouveau": "nouvel", "beau": "bel"}  # beau, but "un bel hôtel"


def describe(names: str) -> tuple[Adjective, ...]:
    """The adjectives of those English names."""
    return tuple(ADJECTIVES[name] for name in names.split())


CHARACTER = "kind funny intelligent brave curious lazy shy nervous stubborn strange"
QUALITIES: dict[str, tuple[Adjective, ...]] = {
    "person": describe(f"small old young tired sad sick rich proud {CHARACTER}"),
    "animal": describe(f"small big old young black white grey beautiful pretty dangerous tired sick {CHARACTER}"),
    "object": describe(
        "small big old new beautiful pretty black white red green blue yellow grey heavy light expensive dirty"
    ),
    "food": describe("small big good bad fresh cold hot delicious rotten"),
    "mass": describe("good bad fresh cold hot delicious salty spicy"),
    "drink": describe("good bad cold hot fresh"),
    "way": describe("small old long wide narrow beautiful dangerous new"),
    "place": describe("small big old new beautiful pretty modern strange"),
}
NOT_PREDICATED = {"new"}  # "la voiture est neuve", but "une nouvelle voiture"
NOT_GRADED = {"alone", "ready", "delicious", "rotten", "black", "white", "red", "green", "blue", "yellow", "grey"}
MOODS = describe("tired happy sad sick angry ready alone kind funny intelligent brave nervous proud rich scared")


def kind_of(noun: Noun) -> str:
    """The group that says which adjectives describe the noun."""
    return KINDS[noun.english]


KINDS = {
    row.english: kind
    for kind in ("person", "animal", "object", "food", "mass", "drink", "way", "place")
    for row in GROUPS[kind]
}

CREATURE_REASONS = describe("tired scared sick lazy shy nervous clumsy stubborn young")
# What fits only one of two nouns. An animal can be dangerous too, so no street is "too dangerous" here.
WAY_REASONS: tuple[tuple[Adjective, tuple[Noun, ...]], ...] = tuple(
    (ADJECTIVES[name], pick(ways))
    for name, ways in {
        "wide": "street road avenue river lake valley field",
        "narrow": "street road avenue bridge path tunnel",
        "long": "road avenue bridge path tunnel",
        "deep": "river lake valley",
        "crowded": "street avenue bridge",
        "slippery": "street road bridge path avenue",
    }.items()
)
FOOD_REASONS = describe("salty spicy hot cold")
EATER_REASONS = describe("tired scared sick lazy shy nervous")


DYNAMIC = ("progressive", "past", "can", "must", "want", "going")
TENSES = {"": ("present", *DYNAMIC), "dynamic": DYNAMIC}


def verbs(table: str) -> tuple[Verb, ...]:
    """Reads rows of `english forms | french forms | subject | objects | tenses`."""
    return tuple(verb(*(part.strip() for part in row.split("|"))) for row in table.strip().splitlines())


def verb(english: str, french: str, subject: str = "animate", objects: str = "", tenses: str = "") -> Verb:
    """One verb. English: base, past, -ing; French: infinitive, five present forms, participle, auxiliary."""
    base, third, past, progressive = english_forms(english)
    infinitive, present, participle, auxiliary = french_forms(french.split())
    uses = tuple(objects.split()), TENSES.get(tenses, tuple(tenses.split()))
    return Verb(base, third, past, progressive, infinitive, present, participle, auxiliary, subject, *uses)


def english_forms(forms: str) -> tuple[str, str, str, str]:
    """`look_for` gives `look for, looks for, looked for, looking for`; `see saw` gives its irregular past."""
    first, *irregular = forms.split()
    base, _, particle = first.partition("_")
    stem = base.removesuffix("e")
    past = irregular[0] if irregular else stem + "ed"
    progressive = irregular[1] if len(irregular) > 1 else stem + "ing"
    third = {"have": "has", "be": "is"}.get(base, english_plural(base))
    base, third, past, progressive = (f"{form} {particle}".strip() for form in (base, third, past, progressive))
    return base, third, past, progressive


def french_forms(forms: list[str]) -> tuple[str, tuple[str, ...], str, str]:
    """The infinitive, the present, the participle and the auxiliary; a verb in -er needs its infinitive only."""
    auxiliary = "être" if forms[-1] == "être" else "avoir"
    infinitive, *given = forms[:-1] if auxiliary == "être" else forms
    stem = infinitive[:-2]
    if given:
        return infinitive, tuple(given[:5]), given[5], auxiliary
    we = stem + ("eons" if stem.endswith("g") else "ons")
    return infinitive, (stem + "e", stem + "es", stem + "e", we, stem + "ent"), stem + "é", auxiliary


TRANSITIVES = verbs("""
see saw seeing | voir vois vois voit voyons voient vu | animate | animate object place | present past can want going
hear heard | entendre entends entends entend entendons entendent entendu | animate | animate | present past can
watch | regarder | animate | animate
look_for | chercher | animate | animate movable | progressive past must going
find found | trouver | animate | animate movable | past can must want going
follow | suivre suis suis suit suivons suivent suivi | animate | animate | dynamic
love | aimer | person | animate place | present
like | aimer | person | animate object place | present
help | aider | person | animate
wait_for | attendre attends attends attend attendons attendent attendu | person | person | dynamic
buy bought | acheter achète achètes achète achetons achètent acheté | person | movable food mass pet
lose lost | perdre perds perds perd perdons perdent perdu | person | movable | past going
hide hid | cacher | person | movable food
open | ouvrir ouvre ouvres ouvre ouvrons ouvrent ouvert | person | openable
close | fermer | person | closable
break broke | casser | person | fragile | past can going
read read | lire lis lis lit lisons lisent lu | person | text | dynamic
write wrote | écrire écris écris écrit écrivons écrivent écrit | person | text
visit | visiter | person | place
eat ate eating | manger | animate | food mass
drink drank | boire bois bois boit buvons boivent bu | animate | drink
cross | traverser | animate | way
""")

INTRANSITIVES = verbs("""
sleep slept | dormir dors dors dort dormons dorment dormi
sing sang | chanter | person
dance | danser | person
run ran running | courir cours cours court courons courent couru
swim swam swimming | nager
walk | marcher
work | travailler | person
cry cried | pleurer | person
laugh | rire ris ris rit rions rient ri | person
play | jouer
""")

MOTIONS = verbs("""
go went going | aller vais vas va allons vont allé être | animate | place | progressive past can must want
arrive | arriver être | animate | at | past
leave left | partir pars pars part partons partent parti être | animate || dynamic
come_back came coming | revenir reviens reviens revient revenons reviennent revenu être | animate || dynamic
stay | rester être | animate | at | dynamic
fall fell | tomber être | animate || past going
""")

DATIVES = verbs("""
give gave | donner | person | movable food mass drink
show showed | montrer | person | object pet
send sent | envoyer envoie envoies envoie envoyons envoient envoyé | person | movable
sell sold | vendre vends vends vend vendons vendent vendu | person | movable food mass
bring brought | apporter | person | movable food mass drink
""")

SAYINGS = verbs("""
think thought | penser | person || present
know knew | savoir sais sais sait savons savent su | person || present
say said saying | dire dis dis dit disons disent dit | person || present past
""")

BE = verb("be was being", "être suis es est sommes sont été")
KNOW = verb(
    "know knew", "connaître connais connais connaît connaissons connaissent connu", "person", "person place", "present"
)
HAVE = verb("have had", "avoir ai as a avons ont eu", "person", "object pet", "present")
FIT = verb("fit fit fitting", "rentrer", "", "", "present")
SEE, FIND, LOVE, LIKE, EAT, CROSS = (
    next(row for row in TRANSITIVES if row.base == base) for base in ("see", "find", "love", "like", "eat", "cross")
)
GIVE, THINK = DATIVES[0], SAYINGS[0]
LOSE, BUY, HIDE = (next(row for row in TRANSITIVES if row.base == base) for base in ("lose", "buy", "hide"))
TAKING_UP = (  # what one does with a thing one has seen or found
    (LOSE, "past", ""),
    (HIDE, "past", ""),
    (BUY, "past", ""),
    (BUY, "past", "n't"),
    (BUY, "can", "n't"),
    (BUY, "want", ""),
    (LIKE, "present", "n't"),
)
AUXILIARIES = {"avoir": HAVE.present, "être": BE.present}
MODALS: dict[str, tuple[str, ...]] = {
    "can": ("peux", "peux", "peut", "pouvons", "peuvent"),
    "must": ("dois", "dois", "doit", "devons", "doivent"),
    "want": ("veux", "veux", "veut", "voulons", "veulent"),
    "going": ("vais", "vas", "va", "allons", "vont"),
}
IMPERFECT = ("étais", "étais", "était", "étions", "étaient")


def names(gender: Gender, listed: str) -> tuple[Name, ...]:
    """The names of one gender."""
    return tuple(Name(text, gender) for text in listed.split())


NAMES: tuple[Name, ...] = (
    *names("m", "Paul Louis Tom Lucas Marc Victor Simon David Daniel Nicolas"),
    *names("m", "Thomas Arthur Adam Oscar Martin Robert Charles Antoine Gabriel Alexandre"),
    *names("f", "Julie Marie Emma Alice Anna Sarah Laura Clara Sophie Lucie"),
    *names("f", "Nina Lina Jeanne Claire Eva Louise Isabelle Nadia Charlotte Juliette"),
)
FRIENDS = {"m": noun("friend", "ami", "m"), "f": noun("friend", "amie", "f")}  # only with a name: "mon amie Julie"
PET_NAMES = ("Charlie", "Rex", "Coco", "Luna", "Milo", "Bella")
