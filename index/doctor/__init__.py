"""Is a home whole? Checks that find damage, say what to do about it, and repair what they can."""

from index.doctor.base import Check, Examined, Finding
from index.doctor.examine import Diagnosis, examine, repair

__all__ = ["Check", "Diagnosis", "Examined", "Finding", "examine", "repair"]
