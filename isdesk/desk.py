"""The composition root: opens a profile, reads the definitions, picks the adapter, and gives ui and cli one Desk."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from isdesk import playbook as playbooks
from isdesk import vault
from isdesk.clock import Clock, Ids, SystemClock, SystemIds
from isdesk.domain.changes import Changes, Value
from isdesk.domain.cover import KIND
from isdesk.domain.errors import NotFound, PlaybookError, Refused, StoreError
from isdesk.domain.ids import DeviceId, LeadId, MemberId, TouchId
from isdesk.domain.member import Member
from isdesk.domain.queue import ORDER
from isdesk.domain.sequence_trace import FORM
from isdesk.domain.work_calendar import WorkCalendar
from isdesk.paths import Profile
from isdesk.services import agreeing, cover, joining, outbox, projection, queue
from isdesk.services.calendar_account import CalendarAccount
from isdesk.services.context import Context
from isdesk.services.phoning import Telephone
from isdesk.services.views import Freshness, SyncReport, TouchState
from isdesk.store import Store, connections, filings, journal, lead_list, members, meta

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from isdesk.crm.port import Adapter, Capabilities
    from isdesk.services import connecting
    from isdesk.store import Tx
    from isdesk.sync import Engine

ME = "me"
PLAYBOOK = "playbook"
PLAYBOOK_TEXT = "playbook_text"
MY_COMPANY = "my_company"
SUPPRESSION_KEY = "suppression_key"
OLDER_KEYS = "older_suppression_keys"
DERIVED_UNDER = "derived_under"
READABLE_TEXT = "playbook_text_readable"
MAPPING = "mapping:"
CAPABILITIES = "capabilities:"
"""Names of single values in the database (`store.meta`)."""

Progress = Callable[[str, int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Connected:
    """What a connection turned out to be."""

    adapter: str
    me: Member
    capabilities: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo profile that was made."""

    profile: Path
    hub_url: str
    leads: int
    reps: int
    touches: int
    me: Member


class Desk:
    """One open profile. Use cases get ``ctx``; `close` at the end. Any thread may sync; one round runs at a time."""

    def __init__(self, profile: Profile, ctx: Context, key: bytes) -> None:
        self.profile = profile
        self.ctx = ctx
        self._key = key
        self._engine: Engine | None = None
        self.calendar = CalendarAccount(ctx, self._secrets)
        self.telephone = Telephone(ctx, self._secrets)
        self._outdate()

    # ------------------------------------------------------------------------------------------- opening and making

    @classmethod
    def create(
        cls,
        root: Path,
        *,
        name: str,
        email: str = "",
        role: str = "rep",
        my_company: str = "",
        playbook: str = "default",
        passphrase: str | None = None,
        clock: Clock | None = None,
        lang: str = "ja",
    ) -> tuple[Desk, str]:
        """Make a fresh profile in ``root`` for a person who works without a team yet; return it and its recovery words.

        Raises StoreError (``database_exists``), VaultError, PlaybookError. Nothing is left behind where it fails.
        """
        profile = Profile(Path(root)).make()
        if profile.exists:
            raise StoreError("database_exists")
        now = clock or SystemClock()
        loaded = playbooks.load(playbook, cache_dir=_cache(profile))
        key, recovery = vault.create(profile.envelope, passphrase)
        try:
            store = Store.create(profile.database, key)
        except BaseException:
            vault.forget(profile.envelope)
            raise
        ids = SystemIds(now)
        me = Member(MemberId(ids.new()), name, role, email)
        with store.write() as tx:
            meta.new_device(tx, DeviceId(ids.new()), now.now())
            meta.put(tx, ME, me.id)
            meta.put(tx, PLAYBOOK, loaded.name)
            meta.put(tx, MY_COMPANY, my_company)
            meta.put(tx, SUPPRESSION_KEY, secrets.token_hex(32))
            members.put(tx, [me])
        return cls(profile, _context(store, loaded, now, ids, lang), key), recovery

    @classmethod
    def open(
        cls,
        root: Path,
        *,
        passphrase: str | None = None,
        recovery: str | None = None,
        key: bytes | None = None,
        clock: Clock | None = None,
        lang: str = "ja",
    ) -> Desk:
        """Open the profile in ``root``, bringing an older database up to date; ``key`` where it was unlocked already.

        Raises StoreError (``database_missing``, WrongKey, NewerSchema, Locked), VaultError, PlaybookError.
        """
        profile = Profile(Path(root))
        if not profile.exists:
            raise StoreError("database_missing")
        if key is None:
            key = vault.unlock(profile.envelope, passphrase, recovery)
        store = Store.open(profile.database, key, backups=profile.backups)
        try:
            now = clock or SystemClock()
            desk = cls(profile, _context(store, _playbook(store, profile), now, SystemIds(now), lang), key)
            desk.take_over()
        except BaseException:
            store.close()
            raise
        return desk

    @classmethod
    def demo(
        cls,
        root: Path,
        *,
        leads: int = 2400,
        reps: int = 6,
        days: int = 90,
        seed: int = 7,
        passphrase: str | None = None,
        clock: Clock | None = None,
        lang: str = "ja",
    ) -> Demo:
        """Make a fresh profile with a demo team behind it: a hub with leads and history, connected and synced.

        Raises StoreError (``database_exists``), VaultError.
        """
        from isdesk.services import demo as demos
        from isdesk.services import demo_meetings, demo_sequences
        from isdesk.services.mail_account import DEMO

        profile = Profile(Path(root)).make()
        if profile.exists:
            raise StoreError("database_exists")
        now = clock or SystemClock()
        team = demos.team(now.now(), leads=leads, reps=reps, days=days, seed=seed, lang=lang)
        url = f"sqlite:///{profile.hub.as_posix()}"
        key, _ = vault.create(profile.hub_envelope, passphrase)
        demos.fill(team, url, key)
        desk, _ = cls.create(
            profile.root,
            name=team.me.name,
            email=team.me.email,
            my_company=team.my_company,
            passphrase=passphrase,
            clock=clock,
            lang=lang,
        )
        try:
            with desk.ctx.store.write() as tx:
                meta.put(tx, DEMO, now.now().isoformat())
                meta.put(tx, PLAYBOOK_TEXT, team.definitions)
            desk.reload()
            desk.connect("sqlhub", url=url, user=team.me.id, secret=passphrase, scope="mine")
            desk.sync(full=True)
            demo_meetings.agree(desk.ctx)
            touches = len(team.touches) + demo_sequences.play(desk.ctx)
            desk.sync()
            me = desk.ctx.me
        finally:
            desk.close()
        return Demo(profile.root, url, len(team.leads), reps, touches, me)

    def close(self) -> None:
        """Let go of the telephone, and close the database and the connection."""
        self.telephone.close()
        if self._engine is not None:
            self._engine.close()
            self._engine = None
        self.ctx.store.close()

    def reload(self) -> None:
        """Read the team, the definitions and who we are again, after a sync brought others."""
        fresh = _context(
            self.ctx.store, _playbook(self.ctx.store, self.profile), self.ctx.clock, self.ctx.ids, self.ctx.lang
        )
        self.ctx.playbook, self.ctx.calendar = fresh.playbook, fresh.calendar
        self.ctx.me, self.ctx.members = fresh.me, fresh.members
        self.ctx.suppression_key, self.ctx.older_keys = fresh.suppression_key, fresh.older_keys
        self._outdate()

    def _outdate(self) -> None:
        """Have every lead derived anew where definitions, do-not-call keys, order or form are not the kept ones."""
        keys = hashlib.sha256(b"".join((self.ctx.suppression_key, *self.ctx.older_keys))).hexdigest()[:16]
        now = f"{self.ctx.playbook.version} {keys} {ORDER} {FORM}"
        with self.ctx.store.read() as tx:
            if meta.text(tx, DERIVED_UNDER) == now:
                return
        with self.ctx.store.write() as tx:
            meta.put(tx, DERIVED_UNDER, now)
            lead_list.forget_scores(tx)

    # --------------------------------------------------------------------------------------------------- connections

    def connect(
        self,
        kind: str,
        *,
        url: str,
        user: str | None = None,
        secret: str | None = None,
        options: Mapping[str, str] | None = None,
        scope: str = "mine",
        mapping: str | None = None,
    ) -> Connected:
        """Connect this desk to a team's hub or CRM and test it; the secret goes to the vault, never to a file.

        A SQLite hub that is not there yet is made, with this person as its first member. ``mapping`` is the field map
        (TOML), None for the one in force, empty for the one shipped; a ``secret`` that is not given is the one kept for
        this address. Raises BadInput, CrmError, VaultError; nothing is stored where the test fails.
        """
        wanted = self._wanted(kind, url, user, options, scope)
        adapter = self._adapter(wanted, secret or self._kept(kind, url), mapping)
        try:
            hello = adapter.hello()
            capabilities = adapter.capabilities()
            people = [Member(p.id, p.name, p.role, p.email, p.active) for p in adapter.members()]
        finally:
            adapter.close()
        me = Member(hello.me.id, hello.me.name, hello.me.role, hello.me.email, hello.me.active)
        former = self.ctx.me.id
        if secret:
            self._secrets().set(kind, secret)
        with self.ctx.store.write() as tx:
            connections.put(tx, replace(wanted, options=_lasting(wanted.options)))
            meta.put(tx, f"{CAPABILITIES}{kind}", _promises(capabilities))
            if mapping is not None:
                meta.put(tx, f"{MAPPING}{kind}", mapping or None)
            self._become(tx, me, people, hello.suppression_key)
            journal.enlist(tx, adapter.name)
        self._drop_engine()
        self.reload()
        if former not in {me.id, *(p.id for p in people)}:
            joining.take_along(self.ctx, former)
        queue.settle(self.ctx)
        return Connected(kind, me, _promises(capabilities))

    def survey(
        self,
        kind: str,
        *,
        url: str,
        user: str | None = None,
        secret: str | None = None,
        options: Mapping[str, str] | None = None,
        mapping: str | None = None,
        write: bool = True,
        progress: Progress | None = None,
    ) -> connecting.Survey:
        """Look at a CRM before it is connected: who we are there, what works, its fields; nothing is stored.

        ``secret`` None takes the one kept for this address; ``write`` makes, reads and removes a test activity too.
        Raises BadInput, CrmError, VaultError.
        """
        from isdesk.services import connecting

        known = self.mapping_text(kind) if mapping is None else mapping
        adapter = self._adapter(self._wanted(kind, url, user, options), secret or self._kept(kind, url), known)
        try:
            return connecting.survey(adapter, kind, known or None, write=write, progress=progress)
        finally:
            adapter.close()

    def sign_in(
        self,
        kind: str,
        *,
        url: str,
        options: Mapping[str, str] | None = None,
        open_browser: Callable[[str], object],
        cancelled: Cancelled = lambda: False,
    ) -> str:
        """Let the person sign in to a CRM with their browser; return the secret to connect with.

        ``open_browser`` is given the address to show. Raises BadInput, CrmError.
        """
        from isdesk.services import connecting

        return connecting.sign_in(kind, url, options or {}, self.ctx.now, open_browser, cancelled)

    def _kept(self, kind: str, url: str) -> str | None:
        """Return the secret kept for a connection, for the address that it was given for and no other."""
        known = self.connection
        return self._secrets().get(kind) if known is not None and (known.adapter, known.url) == (kind, url) else None

    def _wanted(
        self, kind: str, url: str, user: str | None, options: Mapping[str, str] | None, scope: str = "mine"
    ) -> connections.Connection:
        who = user or self.ctx.me.email or self.ctx.me.id
        told: dict[str, Value] = {**dict(options or {}), "user": who}
        return connections.Connection(kind, kind, url, self.ctx.now(), options=told, scope=scope)

    def _become(self, tx: Tx, me: Member, people: list[Member], key: bytes | None) -> None:
        """Be who the hub says we are, among the people it knows; who we were before is nobody of the team."""
        known = {one.id for one in (*people, me)}
        former = [replace(self.ctx.me, active=False)] if self.ctx.me.id not in known else []
        members.put(tx, [*former, *people, me])
        meta.put(tx, ME, me.id)
        own = meta.text(tx, SUPPRESSION_KEY)
        if key is not None and own != key.hex():
            older = _words(meta.get(tx, OLDER_KEYS))
            meta.put(tx, OLDER_KEYS, list[object]([*older, *([own] if own else [])]))
            meta.put(tx, SUPPRESSION_KEY, key.hex())

    def _adapter(
        self, connection: connections.Connection, secret: str | None, mapping: str | None = None, **more: str
    ) -> Adapter:
        from isdesk.crm import registry

        return registry.connect(
            connection.kind,
            url=connection.url,
            user=str(connection.options.get("user") or self.ctx.me.id),
            secret=secret,
            options={k: str(v) for k, v in connection.options.items() if k != "user"} | more,
            place=registry.Place(
                me=self.ctx.me,
                now=self.ctx.now,
                keep=self._secrets(),
                mapping=self.mapping_text(connection.adapter) if mapping is None else mapping or None,
                lock=self.profile.root / f"{connection.adapter}.token",
            ),
        )

    def mapping_text(self, adapter: str) -> str | None:
        """Return the field map of a connection (TOML) where the team has its own, None for the one shipped."""
        with self.ctx.store.read() as tx:
            return meta.text(tx, f"{MAPPING}{adapter}")

    def keep_mapping(self, adapter: str, text: str | None) -> None:
        """Use another field map for a connection from the next sync on; None goes back to the one shipped.

        Raises BadInput (``field_map_…``) where it is none of this CRM; the one in force stays then.
        """
        from isdesk.services import field_map

        field_map.read_map(text, adapter)
        with self.ctx.store.write() as tx:
            meta.put(tx, f"{MAPPING}{adapter}", text)
        self._drop_engine()

    @property
    def secrets(self) -> vault.Secrets:
        """Return the vault's secrets of this profile, for services that sign in somewhere."""
        return self._secrets()

    def _secrets(self) -> vault.Secrets:
        from isdesk.store.shelf import Shelf

        return vault.Secrets(self.profile.envelope, self._key, Shelf(self.ctx.store))

    @property
    def connection(self) -> connections.Connection | None:
        """Return the connection that gets what is recorded here; None where there is none."""
        with self.ctx.store.read() as tx:
            return connections.primary(tx)

    @property
    def capabilities(self) -> Mapping[str, object]:
        """Return what the connected CRM can promise, as it was last heard; empty where nothing was heard yet."""
        with self.ctx.store.read() as tx:
            connection = connections.primary(tx)
            kept = meta.get(tx, f"{CAPABILITIES}{connection.adapter}") if connection is not None else None
        return kept if isinstance(kept, dict) else {}

    # ---------------------------------------------------------------------------------------------------------- sync

    def sync(
        self,
        *,
        full: bool = False,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
        consent: bool = False,
        manual: bool = False,
    ) -> SyncReport:
        """Do one whole round of sync now: send what waits, fetch what changed, show it.

        Being offline is no error: the report says so and everything waits. ``manual``: a person asked, so that nothing
        waits for its time. ``full`` also compares complete lists. ``consent``: what is missing at the hub may go here
        too, however much it is. Raises Refused (``not_connected``).
        """
        if self._engine is not None and self._engine.scope != self._scope():
            self._drop_engine()
        engine = self._engine or self._make_engine()
        self._engine = engine
        covered = self._covers()
        report = engine.run(full=full, progress=progress, cancelled=cancelled, consent=consent, manual=manual)
        agreed = self.take_over()
        if report.changes.playbook or report.changes.settings:
            self.reload()
        if report.changes.playbook and not self._readable() and not report.error:
            report = replace(report, error="playbook_of_team_unreadable")
        placed = queue.settle(self.ctx)
        moved = self._covers() != covered
        more = Changes(queue=placed > 0 or agreed or moved, playbook=agreed, all_leads=moved)
        return replace(report, changes=report.changes | more) if placed or agreed or moved else report

    def _covers(self) -> int:
        with self.ctx.store.read() as tx:
            return filings.count(tx, KIND)

    def _scope(self) -> str:
        """Return whose records are pulled: the team's where this person stands in for somebody, else as connected."""
        wanted = self.connection
        if wanted is None:
            raise Refused("not_connected")
        return "team" if wanted.scope == "mine" and cover.covering(self.ctx) else wanted.scope

    def take_over(self) -> bool:
        """Work by the definitions that were agreed on for today, where they are others; returns whether they are."""
        agreed = agreeing.take_over(self.ctx)
        if agreed:
            self.reload()
        return agreed

    def freshness(self, lead_id: LeadId, budget_s: float = 1.5) -> Freshness:
        """Look at one lead in the CRM before it is dialled: do-not-call, and who was there since (SYNC E11).

        Waits ``budget_s`` seconds at most, while a sync may be running. Being offline, or not connected, is no error.
        """
        if self.connection is None:
            return Freshness(online=False)
        self._engine = self._engine or self._make_engine()
        return self._engine.glance(lead_id, budget_s)

    def link(self, obj: str, remote_id: str) -> str | None:
        """Return the page at which a person sees a record in the CRM, None where there is none; asks nobody."""
        from isdesk.crm.port import Thing

        if self.connection is None:
            return None
        self._engine = self._engine or self._make_engine()
        return self._engine.adapter.link(Thing(obj), remote_id)

    def touch_states(self, lead_id: LeadId) -> dict[TouchId, TouchState]:
        """Return how far each contact of a lead has come, with its page in the CRM (SYNC E14)."""
        return outbox.touch_states(self.ctx, lead_id, self.link)

    def _readable(self) -> bool:
        with self.ctx.store.read() as tx:
            return meta.text(tx, PLAYBOOK_TEXT) == meta.text(tx, READABLE_TEXT)

    def _make_engine(self) -> Engine:
        from isdesk.sync import Engine

        connection = self.connection
        if connection is None:
            raise Refused("not_connected")
        return Engine(
            store=self.ctx.store,
            adapter=self._adapter(connection, self._secrets().get(connection.adapter), create="no"),
            clock=self.ctx.clock,
            scope=self._scope(),
            device_id=self.ctx.device_id,
            reproject=self._reproject,
            newcomers=self._newcomers,
        )

    def _reproject(self, tx: Tx, ids: Iterable[LeadId]) -> None:
        projection.refresh(self.ctx, tx, ids)

    def _newcomers(self, at: datetime) -> projection.Newcomers:
        return projection.Newcomers(self.ctx, at)

    def _drop_engine(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def _lasting(options: Mapping[str, Value]) -> dict[str, Value]:
    """Return the options that are kept with a connection."""
    from isdesk.crm.registry import ONCE

    return {name: value for name, value in options.items() if name not in ONCE}


def _cache(profile: Profile) -> Path:
    return profile.root / "cache"


def _read(text: str) -> playbooks.Playbook | None:
    try:
        return playbooks.loads(text, name="team")
    except PlaybookError:
        return None


def _playbook(store: Store, profile: Profile) -> playbooks.Playbook:
    """Return the team's definitions: the hub's text where it sent one, else the file or preset that was chosen.

    A text that this program cannot read (a newer one wrote it) must not shut anybody out: the last one that could be
    read stands.
    """
    with store.read() as tx:
        text, known = meta.text(tx, PLAYBOOK_TEXT), meta.text(tx, READABLE_TEXT)
        name = meta.text(tx, PLAYBOOK) or "default"
    if text and (found := _read(text)) is not None:
        if text != known:
            with store.write() as tx:
                meta.put(tx, READABLE_TEXT, text)
        return found
    if text and known and (found := _read(known)) is not None:
        return found
    own = profile.playbooks / f"{name}.toml"
    return playbooks.load(own if own.exists() else name, cache_dir=None if own.exists() else _cache(profile))


def _context(store: Store, book: playbooks.Playbook, clock: Clock, ids: Ids, lang: str) -> Context:
    with store.read() as tx:
        team = members.everyone(tx)
        me_id = meta.text(tx, ME)
        device = meta.device(tx)
        company = meta.text(tx, MY_COMPANY) or ""
        key = meta.text(tx, SUPPRESSION_KEY)
        older = _words(meta.get(tx, OLDER_KEYS))
    me = team.get(MemberId(me_id or ""))
    if me is None or device is None or key is None:
        raise NotFound("profile_incomplete")
    return Context(
        store=store,
        clock=clock,
        ids=ids,
        playbook=book,
        calendar=WorkCalendar(book.rules.business),
        me=me,
        device_id=device,
        suppression_key=bytes.fromhex(key),
        older_keys=tuple(bytes.fromhex(one) for one in older),
        members=team,
        my_company=company,
        lang=lang,
    )


def _words(value: Value) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _promises(able: Capabilities) -> dict[str, object]:
    return {name: _plain(getattr(able, name)) for name in able.__slots__}


def _plain(value: object) -> Value:
    if isinstance(value, frozenset):
        return list[object](sorted(str(one) for one in value))
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return str(value)
