"""The corpus `prices-en-fr`: prices, shares and brackets in everyday sentences, written for this project; to be mixed into another.

Everyday corpora hardly write `€5`, `20%` or `(£7)`, and a model that has never met a sign invents words around it. Here the sign is
what varies: amounts and currencies stay what they are and move to where French has them.
"""

from random import Random

from transformer.corpora.corpus import Corpus, Pair

NAME = "prices-en-fr"
SEED = 1789
SIZE = 12_000
THINGS = (  # English, French, whether the French is feminine
    ("the ticket", "le billet", False), ("the book", "le livre", False), ("this coat", "ce manteau", False), ("my bike", "mon vélo", False),
    ("the meal", "le repas", False), ("the bread", "le pain", False), ("a coffee", "un café", False), ("the film", "le film", False),
    ("dinner", "le dîner", False), ("the phone", "le téléphone", False), ("the house", "la maison", True), ("this watch", "cette montre", True),
    ("the table", "la table", True), ("a beer", "une bière", True), ("the car", "la voiture", True), ("her dress", "sa robe", True),
    ("the room", "la chambre", True), ("that lamp", "cette lampe", True), ("my bag", "mon sac", False), ("the key", "la clé", True),
)  # fmt: skip
PRICES = (  # as English and as French write an amount
    ("€{}", "{} €"), ("{} €", "{} €"), ("{} euros", "{} euros"), ("EUR {}", "{} EUR"), ("${}", "{} $"), ("{} dollars", "{} dollars"),
    ("£{}", "{} £"), ("¥{}", "{} ¥"), ("₩{}", "{} ₩"), ("€{}", "{} €"), ("${}", "{} $"),
)  # fmt: skip
FRAMES = (
    ("{The thing} costs {price}.", "{La chose} coûte {prix}."), ("{The thing} cost {price}.", "{La chose} a coûté {prix}."),
    ("{The thing} is {price}.", "{La chose} est à {prix}."), ("The price is {price}.", "Le prix est de {prix}."),
    ("It costs {price}.", "Ça coûte {prix}."), ("I paid {price} for {the thing}.", "J'ai payé {la chose} {prix}."),
    ("{The thing} ({price}) is expensive.", "{La chose} ({prix}) est {cher}."), ("He gave me {price}.", "Il m'a donné {prix}."),
    ("I need {price}.", "J'ai besoin de {prix}."), ("You owe me {price}.", "Tu me dois {prix}."),
    ("Can you lend me {price}?", "Peux-tu me prêter {prix} ?"), ("Does {the thing} cost {price}?", "Est-ce que {la chose} coûte {prix} ?"),
    ("That is {price}, please.", "Cela fait {prix}, s'il vous plaît."),
    ("She bought {the thing} for {price}.", "Elle a acheté {la chose} pour {prix}."),
    ("Tom & Mary paid {price}.", "Tom & Mary ont payé {prix}."), ("{Share} of them came.", "{part} d'entre eux sont venus."),
    ("Prices rose by {share}.", "Les prix ont augmenté de {part}."), ("I am {share} sure.", "J'en suis sûr à {part}."),
    ("We saved {share} [{price}].", "Nous avons économisé {part} [{prix}]."), ("It is {share} cheaper now.", "C'est {part} moins cher maintenant."),
)  # fmt: skip


def load() -> Corpus:
    """The corpus: the same 12,000 pairs every time."""
    return Corpus(
        name=NAME, title="Prices, shares and brackets", licence="MIT", attribution="Written for Attention Atlas",
        pairs=generate(SEED, SIZE),
    )  # fmt: skip


def generate(seed: int, count: int) -> tuple[Pair, ...]:
    """That many pairs with distinct English sides; the same seed gives the same pairs."""
    random, pairs = Random(seed), dict[str, Pair]()
    while len(pairs) < count:
        pair = drawn(random)
        pairs.setdefault(pair.source, pair)
    return tuple(pairs.values())


def drawn(random: Random) -> Pair:
    """One pair."""
    english, french = random.choice(FRAMES)
    thing, chose, feminine = random.choice(THINGS)
    here, there = random.choice(PRICES)
    number = amount(random)
    share = f"{random.randint(1, 100)}{random.choice(('', '', '', '.5'))}"
    values = {
        "the thing": thing, "la chose": chose, "The thing": capital(thing), "La chose": capital(chose), "cher": "chère" if feminine else "cher",
        "price": here.format(number), "prix": there.format(number.replace(".", ",")), "share": f"{share}%", "Share": f"{share}%",
        "part": f"{share.replace('.', ',')} %",
    }  # fmt: skip
    return Pair(english.format_map(values), french.format_map(values))


def amount(random: Random) -> str:
    """Most often a small whole number; sometimes cents."""
    whole = str(random.choice((random.randint(2, 20), random.randint(2, 100), random.randint(100, 5000))))
    return f"{whole}.{random.choice(('50', '99', '20', '5'))}" if random.random() < 0.15 else whole


def capital(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]
