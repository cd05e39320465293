"""Which variants of a campaign are asked for: unless somebody says so, those who get a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segctl.diagnostics import SegctlError, did_you_mean
from segctl.load.document import Key

CONTROL = "control"
"""Stands for every control variant, unless one has this name."""


def controls_of(campaign: Mapping[str, Any]) -> frozenset[str]:
    """The variants of a campaign whose users get no message, from its data as written."""
    return frozenset(str(variant["name"]) for variant in campaign.get("variants") or () if variant.get("control"))


@dataclass(frozen=True)
class VariantNames:
    """The variants of a campaign at one time, in order; `controls` get no message. Empty for what has none."""

    names: tuple[str, ...] = ()
    controls: frozenset[str] = frozenset()

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> VariantNames:
        """Those of a definition as written."""
        return cls(tuple(str(variant["name"]) for variant in data.get("variants") or ()), controls_of(data))

    def meant(self, name: str) -> frozenset[str]:
        """The variants that a name on a command line stands for."""
        if name == CONTROL and name not in self.names:
            return self.controls
        return frozenset({name} & {*self.names})


NO_VARIANTS = VariantNames()


@dataclass(frozen=True)
class VariantChoice:
    """Which members of a campaign are listed: those of these variants, of `every` one, or those who get a message."""

    names: tuple[str, ...] = ()
    every: bool = False

    @property
    def is_explicit(self) -> bool:
        """Whether somebody asked for variants, so that a control group may be among them."""
        return self.every or bool(self.names)

    @property
    def is_mixed(self) -> bool:
        """Whether members who get a message and members who get none may be listed together."""
        return self.every or len(self.names) > 1

    def kept(self, variants: VariantNames) -> frozenset[str]:
        """The variants among these whose members are listed."""
        if self.names:
            return frozenset().union(*(variants.meant(name) for name in self.names))
        return frozenset(variants.names) - (frozenset() if self.every else variants.controls)

    def check(self, key: Key, times: Iterable[VariantNames]) -> None:
        """Refuse a variant that the resource has at none of these times.

        Raises:
            SegctlError: there is no such variant, or the resource has no variants at all.
        """
        if not self.names:
            return
        every = tuple(times)
        known = list(dict.fromkeys(name for variants in every for name in variants.names))
        kind, name = key
        if not known:
            of = "has no variants" if kind == "campaign" else f"is a {kind}, and only campaigns have variants"
            raise SegctlError(f"`{name}` {of}", hint=f"leave out `--variant {self.names[0]}`")
        for asked in self.names:
            if not any(variants.meant(asked) for variants in every):
                controls = frozenset().union(*(variants.controls for variants in every))
                raise _unknown_variant(name, asked, known, controls)


MESSAGED = VariantChoice()
"""Those who get a message: everybody but the control group."""


def _unknown_variant(campaign: str, asked: str, known: Sequence[str], controls: frozenset[str]) -> SegctlError:
    if asked == CONTROL:
        near = "none of its variants is marked `control: true`"
    else:
        near = did_you_mean(asked, [*known, *([CONTROL] if controls else [])])
    listed = ", ".join(f"`{name}`{' (control)' if name in controls else ''}" for name in known)
    return SegctlError(f"the campaign `{campaign}` has no variant `{asked}`", hint=near or f"its variants are {listed}")
