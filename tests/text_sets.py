"""Texts with known classes, drawn from lists of words with a fixed seed."""

import csv
import random
from itertools import product
from pathlib import Path

Rows = list[tuple[str, str]]

TOPICS = {
    "sport": "match goal team coach league player season score win defeat stadium referee cup training fans",
    "science": "cell energy theory experiment data planet species model study laboratory light gene particle orbit",
    "money": "bank market share price profit loss interest loan tax budget trade investor currency growth debt",
    "food": "recipe oven sauce butter flour pepper salad soup kitchen taste fresh garlic cream bake dinner",
}
COMMON = """
    the a of and to in that it for on with as was at by from this have are they which one had not but what all
    were when we there can an your said use each she do how their if will up other about out many then them
    these so some her would make like him into time has look two more write go see number no way could people my
    than first water been call who oil its now find long down day did get come made may part
"""
GOOD = """
    good great pleasant friendly clean quick helpful charming comfortable tasty
"""
BAD = """
    bad awful dirty slow rude noisy broken boring cold stale
"""
FILLING = """
    the a staff room food service place hotel waiter table dinner night stay trip price bar view was were is we
    they it our had found and also quite really so then in at on near with for menu wine coffee window door
    lobby pool
"""


def names(count: int, seed: int) -> list[str]:
    """Words that mean nothing, different ones."""
    syllables = ["".join(pair) for pair in product("bdfgklmnprstvz", "aeiou")]
    words = ["".join(parts) for parts in product(syllables[:40], syllables[30:])]
    return random.Random(seed).sample(words, count)


def topics(rows: int, seed: int) -> Rows:
    """Topics of which each uses its own words more often than the others do."""
    draw = random.Random(seed)
    own = {topic: words.split() for topic, words in TOPICS.items()}
    noise = COMMON.split() + names(600, seed)
    weights = [1 / (place + 5) for place in range(len(noise))]
    texts = []
    for _ in range(rows):
        topic = draw.choice(list(own))
        words = draw.choices(noise, weights, k=draw.randint(8, 25))
        for place in range(len(words)):
            if draw.random() < 0.2:
                words[place] = draw.choice(own[topic if draw.random() < 0.6 else draw.choice(list(own))])
        texts.append((" ".join(words).capitalize() + ".", topic))
    return texts


def reviews(rows: int, seed: int) -> Rows:
    """Praise and complaints, of which some are negations, such as "not good": single words do not tell them."""
    draw = random.Random(seed)
    rare = names(300, seed)
    texts = []
    for _ in range(rows):
        praise = draw.random() < 0.5
        words = []
        for _ in range(draw.randint(1, 4)):
            words += draw.choices(FILLING.split(), k=draw.randint(2, 6)) + draw.choices(rare, k=draw.randint(0, 2))
            means = praise if draw.random() < 0.85 else not praise
            negated = draw.random() < 0.4
            words += ["not"] * negated + [draw.choice((GOOD if means != negated else BAD).split())]
        texts.append((" ".join(words) + draw.choice(".!"), "praise" if praise else "complaint"))
    return texts


def tickets(rows: int, seed: int) -> Rows:
    """Any words, and in those of one class the word refund."""
    draw = random.Random(seed)
    vocabulary = COMMON.split() + names(300, seed)
    texts = []
    for _ in range(rows):
        words = draw.choices(vocabulary, k=draw.randint(6, 14))
        asks = draw.random() < 0.5
        if asks:
            words[draw.randrange(len(words))] = "refund"
        texts.append((" ".join(words), "yes" if asks else "no"))
    return texts


def write(path: Path, rows: Rows) -> Path:
    """A CSV file of texts and classes, and which set a row is in: of every 20 rows 12, 3 and 5."""
    sets = ["train"] * 12 + ["validation"] * 3 + ["test"] * 5
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["text", "y", "set"])
        lines.writerows([text, label, sets[number % 20]] for number, (text, label) in enumerate(rows))
    return path
