"""Notes on values that no training row had."""

from collections.abc import Mapping

from nntrain.data.preprocessing.preprocessor import Preprocessor


def build_unseen_notes(preprocessor: Preprocessor, unseen: Mapping[str, int], where: str = "") -> list[str]:
    """Return a note for each column with values that no training row had: unknown categories, or missing values.

    ``unseen``: their number by column, as from ``Preprocessor.count_unseen``. ``where``: the rows, e.g. " of the test
    set".
    """
    imputed = {column.name: column.imputed for column in preprocessor.columns}
    notes = []
    for name, count in unseen.items():
        values = f"{count:,} value{'s' * (count > 1)} of column {name!r}{where}"
        if replacement := imputed.get(name):
            verb = "are" if count > 1 else "is"
            reason = f"no training row had a missing value, so {replacement} is used"
            notes.append(f"{values} {verb} missing; {reason}")
        else:
            notes.append(f"{values} {'were' if count > 1 else 'was'} never seen in training")
    return notes
