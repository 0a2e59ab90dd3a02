"""Who works here and with whom: the store and its history, people and rights, agencies, days."""

from office.actors import Actor
from office.database import Database
from office.history import FIRST, Event, NewEvent, append, events

__all__ = ["FIRST", "Actor", "Database", "Event", "NewEvent", "append", "events"]
