"""Numbers, spans of time and sizes as a person reads them, and errors in the person's language."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from alexnet_studio.ground.errors import StudioError

if TYPE_CHECKING:
    from alexnet_studio.runs.lock import Holder


def sentence(error: StudioError) -> str:
    """The error's sentence, translated by its template; the English one where a translation does not fit."""
    try:
        return QCoreApplication.translate("Errors", error.template).format(**error.fields)
    except (KeyError, IndexError, ValueError):
        return error.sentence


def unforeseen(what: str) -> str:
    text = QCoreApplication.translate(
        "Errors", "Something unexpected happened ({what}). The log has the details."
    )
    return text.format(what=what)


def process(holder: Holder | None) -> str:
    """Who trains a run, at the beginning of a sentence."""
    if holder is None or not holder.pid:
        return QCoreApplication.translate("Units", "Another process")
    text = QCoreApplication.translate("Units", "Another process ({pid} on {host})")
    return text.format(pid=holder.pid, host=holder.host)


def locale() -> QLocale:
    """The window's locale; the C locale, which groups no digits, is replaced by American English."""
    chosen = QLocale()
    return QLocale("en_US") if chosen.language() == QLocale.Language.C else chosen


def count(number: int) -> str:
    return locale().toString(number)


def decimal(number: float, digits: int) -> str:
    return locale().toString(float(number), "f", digits)


def percent(share: float, digits: int = 1) -> str:
    """`share` in 0..1 as "53.6 %"; a dash for what is not a number."""
    return "–" if math.isnan(share) else f"{decimal(share * 100, digits)} %"


def speed(images_per_second: float) -> str:
    """Three digits are all that a fluctuating speed can carry."""
    return decimal(images_per_second, 0 if images_per_second >= 10 else 1)


def time_of_day(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def duration(seconds: float) -> str:
    """The two largest units: "45 s", "2 min 10 s", "3 h 5 min", "2 d 4 h"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return QCoreApplication.translate("Units", "{s} s").format(s=whole)
    if whole < 3600:
        minutes = QCoreApplication.translate("Units", "{min} min {s} s")
        return minutes.format(min=whole // 60, s=whole % 60)
    if whole < 86_400:
        hours = QCoreApplication.translate("Units", "{h} h {min} min")
        return hours.format(h=whole // 3600, min=whole % 3600 // 60)
    days = QCoreApplication.translate("Units", "{d} d {h} h")
    return days.format(d=whole // 86_400, h=whole % 86_400 // 3600)


def about(seconds: float) -> str:
    """A span as an estimate deserves it: no seconds beyond two minutes."""
    if seconds < 120:
        return duration(seconds)
    if seconds < 3600:
        return QCoreApplication.translate("Units", "{min} min").format(min=round(seconds / 60))
    return duration(round(seconds / 60) * 60)


def memory(size_bytes: float) -> str:
    if size_bytes >= 1e9:
        return QCoreApplication.translate("Units", "{n} GB").format(n=decimal(size_bytes / 1e9, 1))
    return QCoreApplication.translate("Units", "{n} MB").format(n=decimal(size_bytes / 1e6, 0))
