"""The curves of the drawing, as SVG path data with one decimal."""


def ribbon(left: tuple[float, float], right: tuple[float, float], thickness: float) -> str:
    """Return a band of even thickness between two points, S-shaped where they differ in height."""
    (x1, y1), (x2, y2) = left, right
    half, middle = thickness / 2, (x1 + x2) / 2
    return (
        f"M{_n(x1)} {_n(y1 - half)}"
        f"C{_n(middle)} {_n(y1 - half)} {_n(middle)} {_n(y2 - half)} {_n(x2)} {_n(y2 - half)}"
        f"V{_n(y2 + half)}"
        f"C{_n(middle)} {_n(y2 + half)} {_n(middle)} {_n(y1 + half)} {_n(x1)} {_n(y1 + half)}Z"
    )


def hop(start: tuple[float, float], end: tuple[float, float], height: float) -> str:
    """Return a line that rises from one point and comes down on another."""
    (x1, y1), (x2, y2) = start, end
    return f"M{_n(x1)} {_n(y1)}C{_n(x1)} {_n(height)} {_n(x2)} {_n(height)} {_n(x2)} {_n(y2)}"


def turn(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return a line that comes straight down and turns to the right."""
    (x1, y1), (x2, y2) = start, end
    return f"M{_n(x1)} {_n(y1)}Q{_n(x1)} {_n(y2)} {_n(x2)} {_n(y2)}"


def fall(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return a line that leaves one point straight down and arrives at another from above."""
    (x1, y1), (x2, y2) = start, end
    middle = (y1 + y2) / 2
    return f"M{_n(x1)} {_n(y1)}C{_n(x1)} {_n(middle)} {_n(x2)} {_n(middle)} {_n(x2)} {_n(y2)}"


def hop_top(y1: float, y2: float, height: float) -> float:
    """Return how high a hop gets: half way, three quarters towards its control points."""
    return (y1 + y2) / 8 + height * 0.75


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
