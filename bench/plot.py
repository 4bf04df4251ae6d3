"""Small multiples on logarithmic axes, as SVG, without a library."""

import math
from html import escape

# Colours that people with any colour vision can tell apart (Okabe and Ito), each with a dash.
STYLES = (("#0072B2", ""), ("#D55E00", ""), ("#009E73", ""), ("#CC79A7", "6 3"), ("#B8860B", "6 3"),
          ("#444444", "2 3"))
WIDTH, HEIGHT = 300, 240
LEFT, TOP, GAP = 58, 74, 62
INK, GRID, PAPER = "#222222", "#dddddd", "#fcfcfa"


def decades(values):
    """Whole powers of ten round the values."""
    low = math.floor(math.log10(min(values)))
    high = math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def tick_text(power):
    if 0 <= power <= 3:
        return str(10 ** power)
    return "0." + "0" * (-power - 1) + "1" if -2 <= power < 0 else f"1e{power}"


class Panel:
    """One chart; `series` is a list of lists of (x, y)."""

    def __init__(self, left, title, x_label, series, y_range):
        self.left, self.title, self.x_label, self.series = left, title, x_label, series
        self.x_range = decades([x for points in series for x, _ in points])
        self.y_range = y_range

    def x(self, value):
        low, high = self.x_range
        return self.left + WIDTH * (math.log10(value) - low) / (high - low)

    def y(self, value):
        low, high = self.y_range
        return TOP + HEIGHT * (1 - (math.log10(value) - low) / (high - low))

    def draw(self):
        yield text(self.left, TOP - 12, self.title, size=13, weight="600")
        for power in range(self.x_range[0], self.x_range[1] + 1):
            x = self.x(10.0 ** power)
            yield line(x, TOP, x, TOP + HEIGHT, GRID)
            yield text(x, TOP + HEIGHT + 17, tick_text(power), anchor="middle")
        for power in range(self.y_range[0], self.y_range[1] + 1):
            y = self.y(10.0 ** power)
            yield line(self.left, y, self.left + WIDTH, y, GRID)
            yield text(self.left - 7, y + 4, tick_text(power), anchor="end")
        yield text(self.left + WIDTH / 2, TOP + HEIGHT + 36, self.x_label, anchor="middle")
        for points, style in zip(self.series, STYLES):
            yield from self.curve(points, *style)

    def curve(self, points, colour, dash):
        places = [(self.x(x), self.y(y)) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield (f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" '
               f'stroke-dasharray="{dash}"/>')
        for x, y in places:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'


def line(x1, y1, x2, y2, colour, width=1, dash=""):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
            f'stroke-width="{width}" stroke-dasharray="{dash}"/>')


def text(x, y, words, anchor="start", size=12, weight="400"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
            f'font-weight="{weight}" fill="{INK}">{escape(words)}</text>')


def legend(names):
    x = LEFT
    for name, (colour, dash) in zip(names, STYLES):
        yield line(x, 24, x + 26, 24, colour, 2, dash)
        yield f'<circle cx="{x + 13}" cy="24" r="3" fill="{colour}"/>'
        yield text(x + 32, 28, name)
        x += 52 + 7 * len(name)


def small_multiples(path, description, names, panels):
    """Writes a chart; `panels` is a list of (title, x label, list of series). All panels share
    their vertical axis. Colours are set here, paper too, so that the picture reads on any page."""
    values = [y for _, _, series in panels for points in series for _, y in points]
    y_range = decades(values)
    width = LEFT + len(panels) * (WIDTH + GAP) - GAP + 24
    height = TOP + HEIGHT + 52
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
             f'width="{width}" height="{height}" role="img" '
             'font-family="system-ui, sans-serif">',
             f"<title>{escape(description)}</title>",
             f'<rect width="{width}" height="{height}" rx="6" fill="{PAPER}"/>', *legend(names)]
    for number, (title, x_label, series) in enumerate(panels):
        parts.extend(Panel(LEFT + number * (WIDTH + GAP), title, x_label, series, y_range).draw())
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(parts) + "\n</svg>\n")
