"""Make what is derived from the stored texts anew: chunks, terms and vectors.

It is made in an index of its own in a folder beside, document by document, so that an interrupted
run goes on where it was; then it takes the place of the old in one transaction. Until then
whoever searches has the old.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from index.catalog import Catalog
from index.errors import StaleIndexError, StoreError
from index.identity import Identity, identity_of
from index.intake import Intake, Progress, nothing
from index.lock import writing
from index.records import Encoder
from index.rows import StoredDocument
from index.tokens import load_tokenizer
from index.writer import Writer

# What is done about vectors: those of texts that stay the same are kept where the same encoder
# made them; or they must be; or none is.
Mode = Literal["as needed", "rechunk", "reencode"]

FOLDER = "rebuild"


def rebuild(
    folder: Path, encoder: Encoder, *, mode: Mode = "as needed", progress: Progress = nothing
) -> int:
    """Make an index again, and say of how many documents. Documents stay as they are.

    Raises StoreError where there is no index, or a stored text is not the one that was indexed;
    StaleIndexError to rechunk what another encoder made; BusyError.
    """
    Catalog(folder).close()  # else one would be made
    tokenizer = load_tokenizer(folder)
    expected = identity_of(encoder, tokenizer)
    with writing(folder), closing(Writer(folder, expected)) as catalog:
        same = catalog.identity().get("encoder") == encoder.fingerprint
        if mode == "rechunk" and not same:
            raise StaleIndexError(
                "Another encoder made the vectors, and none of them can be kept.",
                f"yuanwen rebuild --reencode --data {folder}",
            )
        keep = same and mode != "reencode"
        documents = list(catalog.stored())
        _check_texts(documents, folder)
        with _beside(folder, {**expected, "vectors": "kept" if keep else "new"}) as made:
            intake = Intake(made, encoder, tokenizer, old=catalog if keep else None)
            _fill(made, intake, documents, progress)
            catalog.take_derived(made.path, expected)
        shutil.rmtree(folder / FOLDER)
    return len(documents)


def _check_texts(documents: Sequence[StoredDocument], folder: Path) -> None:
    """Raises StoreError where a text was damaged: a rebuild would make it look right."""
    for item in documents:
        if item.document.sha256 != item.sha256:
            raise StoreError(
                f"The stored text of {item.document.source} is not the one that was indexed.",
                f"First: yuanwen remove {item.file.document_id} --data {folder}, "
                "and index its file again.",
            )


@contextmanager
def _beside(folder: Path, identity: Identity) -> Iterator[Writer]:
    """The index that is being made; one that was begun otherwise is begun anew."""
    made = Writer(folder / FOLDER, identity)
    if made.identity() != identity:
        made.close()
        shutil.rmtree(folder / FOLDER)
        made = Writer(folder / FOLDER, identity)
    with closing(made):
        yield made


def _fill(
    made: Writer, intake: Intake, documents: Sequence[StoredDocument], progress: Progress
) -> None:
    """Every document that is not in it yet, and none that is gone since it was begun."""
    there = {item.file.document_id: item for item in made.stored()}
    for document_id in there.keys() - {item.file.document_id for item in documents}:
        with made.transaction():
            made.delete(document_id)
    done, total = 0, sum(item.characters for item in documents)
    for item in documents:
        progress(done, total, item.document.source)
        if there.get(item.file.document_id) != item:
            intake.accept(item.document, item.file)
        if intake.full():
            intake.write()
        done += item.characters
    intake.write()
    progress(total, total, "")
