"""Every error that Yuanwen raises on purpose.

YuanwenError
├── UsageError            what was asked for cannot be done as asked
│   ├── NotFoundError     a path, document or name that does not exist
│   └── SettingsError     a setting that is unknown or has a wrong value
├── FileError             a file that cannot become a document
├── EncoderError          the encoder cannot be made or loaded
├── ReaderError           the reading model cannot be loaded, or does not fit the encoder
├── ModelError            the language model cannot be reached or started, or broke off
├── OverloadError         more is asked at once than can be answered soon
└── StoreError            the index cannot be used as it is
    ├── StaleIndexError   it was made by another encoder, chunker or schema
    └── BusyError         another process is writing to it
"""

from __future__ import annotations


class YuanwenError(Exception):
    """`message` says what was found and what was expected, `hint` what to do about it.

    `code` is the stable name of the error for programs (HTTP bodies, `--json`).
    """

    code = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(YuanwenError):
    code = "bad_request"


class NotFoundError(UsageError):
    code = "not_found"


class SettingsError(UsageError):
    code = "bad_settings"


class FileError(YuanwenError):
    code = "unreadable_file"


class EncoderError(YuanwenError):
    code = "encoder"


class ReaderError(YuanwenError):
    code = "reader"


class ModelError(YuanwenError):
    code = "model"


class OverloadError(YuanwenError):
    code = "overloaded"


class StoreError(YuanwenError):
    code = "store"


class StaleIndexError(StoreError):
    code = "stale_index"


class BusyError(StoreError):
    code = "busy"
