"""Answers cards in Anki's core and fetches the next; prints the median in milliseconds, from a process of its own."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from anki.collection import AddNoteRequest, Collection

cards, rounds = int(sys.argv[1]), int(sys.argv[2])
with tempfile.TemporaryDirectory() as folder:
    col = Collection(str(Path(folder) / "collection.anki2"))
    model, deck = col.models.by_name("Basic"), col.decks.id("bench")
    settings = col.decks.config_dict_for_deck_id(deck)
    settings["new"]["perDay"] = settings["rev"]["perDay"] = 9999
    col.decks.update_config(settings)
    for start in range(0, cards, 5000):
        requests = []
        for number in range(start, min(start + 5000, cards)):
            note = col.new_note(model)
            note["Front"], note["Back"] = f"front {number}", f"back {number}"
            requests.append(AddNoteRequest(note=note, deck_id=deck))
        col.add_notes(requests)
    col.decks.select(deck)
    took = []
    queued = col.sched.get_queued_cards()
    for _ in range(rounds):
        first = queued.cards[0]
        card = col.get_card(first.card.id)
        card.start_timer()
        start_at = time.perf_counter()
        col.sched.answer_card(col.sched.build_answer(card=card, states=first.states, rating=3))
        queued = col.sched.get_queued_cards()
        took.append((time.perf_counter() - start_at) * 1000)
    col.close()
    print(statistics.median(took[rounds // 10 :]))
