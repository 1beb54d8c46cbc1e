"""A corpus of believable events with the places of the personal data that was planted in them.

Five systems write nine kinds of events about a population that comes back. The same seed gives the
same events in every process and on every platform. Nobody in it exists.
"""

from gateway.corpus.sample import Label, Sample, encode
from gateway.corpus.stream import generate

__all__ = ["Label", "Sample", "encode", "generate"]
