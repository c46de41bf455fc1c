"""Pictures out: one file, one format. Other packages offer theirs by the entry point `contested.writers`."""

from importlib.metadata import entry_points

from contested.write import csv, geojson, json, table
from contested.write.writer import Places, Writer

__all__ = ["Places", "Writer", "writers"]


def writers() -> dict[str, Writer]:
    """Every format a picture can be written in, by name; our own first."""
    ours = [module.WRITER for module in (table, csv, json, geojson)]
    theirs = [point.load() for point in entry_points(group="contested.writers")]
    return {writer.name: writer for writer in [*theirs, *ours]}
