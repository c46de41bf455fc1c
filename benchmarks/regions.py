"""Are names of one region read as well as another's? The same sentences with names from five countries.

    python -m benchmarks.regions

The names are of public figures, towns and organisations of public record, and of organisations none that
training/groups.toml holds; the sentences are ours and say nothing of them. A name counts as read when its whole span
has the right type (a town may be LOC or GPE).
"""

from __future__ import annotations

from benchmarks.encoder import gold_sentence
from training.examples import spans

from contested.text.encoder import read_tokens
from contested.text.sentences import split_word

SENTENCES = {
    "PER": [
        "The archive holds three letters to {} and one reply .",
        "{} is mentioned on the first page of the report .",
        "Historians still disagree about the role of {} in those years .",
        "The spokesman was asked whether {} had read the letter .",
        "A portrait of {} hung in the hall .",
        'Asked about the talks , {} said : " There is nothing to add . "',
    ],
    "LOC": [
        "Heavy fighting was reported near {} on Tuesday .",
        "Officials in {} could not be reached for comment .",
        "Rebels captured {} after a siege of three weeks .",
        "Aid convoys have not reached {} since March .",
        "The road to {} was shelled again overnight .",
        "{} fell to government forces in the spring .",
    ],
    "ORG": [
        "{} claimed responsibility for the attack in a statement .",
        "The report accuses {} of shelling the town .",
        "A spokesman for {} denied the charge .",
        "Fighters of {} withdrew from two villages .",
        "Talks between {} and the government broke down .",
        "The court ordered {} to hand over the documents .",
    ],
}
NAMES = {
    "United States": {
        "PER": ["Colin Powell", "Madeleine Albright", "Henry Kissinger", "David Petraeus", "Condoleezza Rice",
                "Robert Gates", "Dwight Eisenhower", "George Marshall"],
        "LOC": ["Gettysburg", "Vicksburg", "Charleston", "Fort Sumter", "Baton Rouge", "Savannah", "Richmond", "Omaha"],
        "ORG": ["Blackwater", "the Pentagon", "the State Department", "the Marine Corps", "the National Guard",
                "the Red Cross", "Congress", "the Federal Reserve"],
    },
    "Afghanistan": {
        "PER": ["Hamid Karzai", "Ashraf Ghani", "Abdullah Abdullah", "Ahmad Shah Massoud", "Burhanuddin Rabbani",
                "Gulbuddin Hekmatyar", "Sima Samar", "Abdul Rashid Dostum"],
        "LOC": ["Lashkar Gah", "Kunduz", "Mazar-i-Sharif", "Tarin Kot", "Jalalabad", "Maimana", "Pul-i-Khumri",
                "Zaranj"],
        "ORG": ["the National Directorate of Security", "Jamiat-e-Islami", "the Loya Jirga", "Junbish",
                "Hezb-e-Wahdat", "the Quetta Shura", "the Afghan Red Crescent", "Khalq"],
    },
    "Yemen": {
        "PER": ["Ali Abdullah Saleh", "Abdrabbuh Mansur Hadi", "Tawakkol Karman", "Abdul-Malik al-Houthi",
                "Ali Mohsen al-Ahmar", "Rashad al-Alimi", "Aidarous al-Zubaidi", "Khaled Bahah"],
        "LOC": ["Hodeidah", "Taiz", "Marib", "Mukalla", "Saada", "Zinjibar", "Mocha", "Seiyun"],
        "ORG": ["the Hadhrami Elite Forces", "the Yemeni Socialist Party", "Islah", "the General People's Congress",
                "Hirak", "the Giants Brigades", "the Tihama Resistance", "the Central Bank of Yemen"],
    },
    "Sudan": {
        "PER": ["Omar al-Bashir", "Hassan al-Turabi", "Abdel Fattah al-Burhan", "Mohamed Hamdan Dagalo",
                "Abdalla Hamdok", "Sadiq al-Mahdi", "John Garang", "Minni Minnawi"],
        "LOC": ["El Fasher", "Omdurman", "Nyala", "Wad Madani", "El Geneina", "Port Sudan", "Kadugli", "Zalingei"],
        "ORG": ["the Popular Defence Forces", "the National Congress Party", "the Umma Party", "the Beja Congress",
                "the Forces of Freedom and Change", "the Sudan Revolutionary Front", "the Sovereignty Council",
                "the Sudanese Armed Forces"],
    },
    "Ukraine": {
        "PER": ["Volodymyr Zelensky", "Petro Poroshenko", "Leonid Kuchma", "Leonid Kravchuk", "Yulia Tymoshenko",
                "Viktor Yushchenko", "Valerii Zaluzhnyi", "Vitali Klitschko"],
        "LOC": ["Bakhmut", "Kharkiv", "Mariupol", "Zaporizhzhia", "Kramatorsk", "Debaltseve", "Kherson", "Lysychansk"],
        "ORG": ["the Kraken Regiment", "the Verkhovna Rada", "Motor Sich", "Svoboda", "Naftogaz",
                "the Security Service of Ukraine", "Right Sector", "Ukroboronprom"],
    },
}  # fmt: skip


def share_read(kind: str, names: list[str]) -> float:
    """Per cent of names read with their whole span and the right type, over all sentences."""
    wanted, lines = [], []
    for pattern in SENTENCES[kind]:
        before, after = pattern.split("{}")
        for name in names:
            words = [part for chunk in name.split() for part in split_word(chunk)]
            if not before:
                words[0] = words[0].capitalize() if words[0] == "the" else words[0]
            start = len(before.split()) + (words[0].lower() == "the")
            wanted.append((start, len(before.split()) + len(words)))
            lines.append(gold_sentence([*before.split(), *words, *after.split()]))
    types = {"LOC": {"LOC", "GPE"}}.get(kind, {kind})
    right = 0
    for (start, end), sentence in zip(wanted, read_tokens(lines), strict=True):
        found = spans([token.entity or "O" for token in sentence.tokens])
        right += any((start, end, one) in found or (start - 1, end, one) in found for one in types)
    return 100 * right / len(wanted)


def main() -> None:
    print("| names of | PER | LOC | ORG |\n|---|---:|---:|---:|")
    for region, names in NAMES.items():
        row = " | ".join(f"{share_read(kind, names[kind]):.0f}" for kind in SENTENCES)
        print(f"| {region} | {row} |", flush=True)


if __name__ == "__main__":
    main()
