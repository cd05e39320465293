"""The instants at which all memberships are compared."""

from __future__ import annotations

RETAIL_INSTANTS = (
    "2011-03-28T08:30:00Z",  # the morning after the clocks went forward
    "2011-06-15T00:00:00+01:00",  # a midnight of London, still the day before in UTC
    "2011-10-20T12:21:00+01:00",  # lines lie at this very instant, and 30 and 37 days before it
    "2011-11-24T12:30:00Z",  # the same, and summer time ended within the last 30 days
    "2011-12-10T00:00:00Z",  # after everything
)
CLICKSTREAM_INSTANTS = (
    "2024-04-08T00:00:00+12:00",  # a midnight of Auckland, the first after summer time's end
    "2024-05-12T14:01:34Z",  # at this very instant somebody is loyal and on a desktop for the first time
    "2024-06-30T12:30:00Z",  # after everything; in Auckland July has begun
)
