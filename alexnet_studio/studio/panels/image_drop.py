"""Which local files a drop or the clipboard brings; everything else is ignored, and nothing is fetched."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QTemporaryDir
from PySide6.QtGui import QImage


def local_files(mime: QMimeData) -> tuple[str, ...]:
    """The local paths among the URLs, in their order."""
    return tuple(url.toLocalFile() for url in mime.urls() if url.isLocalFile())


class PastedImages:
    """Bitmaps from the clipboard as files, in a folder that goes when the window goes."""

    def __init__(self) -> None:
        self._folder: QTemporaryDir | None = None
        self._count = 0

    def written(self, mime: QMimeData) -> tuple[str, ...]:
        image = mime.imageData()
        if not isinstance(image, QImage) or image.isNull():
            return ()
        if self._folder is None:
            self._folder = QTemporaryDir()
        self._count += 1
        path = self._folder.filePath(f"pasted-{self._count}.png")
        return (path,) if image.save(path) else ()
