"""What can be read, what it becomes, and what is refused with which words."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfWriter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from index.errors import UnreadableDocument
from index.readers import SUFFIXES, read
from index.types import Document

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
PROSE = "Dit is een alinea met gewone zinnen, zodat er iets onder de kop staat. Er volgt nog een zin."

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a small file and give its path."""

    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def refusal(path: Path, *, max_bytes: int = 50_000_000) -> str:
    """The reason for which a file is refused; always one Dutch sentence."""
    with pytest.raises(UnreadableDocument) as caught:
        read(path, max_bytes=max_bytes)
    assert caught.value.path == path
    assert re.fullmatch(r"[A-Z][^\n]+\.", caught.value.reason)
    return caught.value.reason


def titles(document: Document) -> list[str]:
    return [heading.title for heading in document.headings]


def outline(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, heading.title) for heading in document.headings]


def check(document: Document) -> None:
    """What holds for every document."""
    reached = 0
    for heading in document.headings:
        assert reached <= heading.start < heading.end <= len(document.text)
        assert heading.level >= 1
        assert heading.title.strip()
        reached = heading.end
    assert list(document.pages) == sorted(set(document.pages))


def pdf(
    *pages: list[str], title: str = "", encrypt: StandardEncryption | None = None, bookmarks: bool = False
) -> bytes:
    """A PDF of pages of lines; with bookmarks, the first line of each page is one."""
    target = io.BytesIO()
    canvas = Canvas(target, encrypt=encrypt)
    canvas.setTitle(title)
    for number, lines in enumerate(pages):
        if bookmarks and lines:
            canvas.bookmarkPage(str(number))
            canvas.addOutlineEntry(lines[0], str(number), level=min(number, 1))
        for row, line in enumerate(lines):
            canvas.drawString(72, 780 - 16 * row, line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def word(fill: Callable[[WordDocument], object]) -> bytes:
    """A Word document, filled by a function."""
    document = docx.Document()
    fill(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def zipped(**parts: bytes) -> bytes:
    """A zip file; `__` in a name stands for a slash and `_` for a dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return target.getvalue()


# Plain text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\r\t# .:1"), min_size=1))
def test_any_text_file_is_read_exactly_as_open_does(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tekst.txt"
    path.write_bytes(text.encode())
    expected = path.read_text(encoding="utf-8").removeprefix("\ufeff")
    if not expected.strip():
        refusal(path)
        return
    document = read(path)
    check(document)
    assert document.text == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(["# Kop", "---", "title: x", "tekst", "", "    # code", "```", "> # citaat", "==="])))
def test_any_markdown_file_is_read_exactly_and_its_headings_are_in_it(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "tekst.md"
    path.write_text("\n".join(["begin", *lines]), encoding="utf-8")
    document = read(path)
    check(document)
    assert document.text == path.read_text(encoding="utf-8")
    for heading in document.headings:
        assert heading.title in " ".join(document.text[heading.start : heading.end].split())


def test_a_byte_order_mark_is_no_text(write: Write) -> None:
    assert read(write("a.txt", b"\xef\xbb\xbfEen tekst")).text == "Een tekst"


def test_windows_newlines_are_read_as_open_does(write: Write) -> None:
    assert read(write("a.md", b"een\r\ntwee\rdrie")).text == "een\ntwee\ndrie"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_a_text_in_an_old_encoding_is_read(write: Write, encoding: str) -> None:
    text = "De coördinatie van één opgave is een geïntegreerd idee."
    assert read(write("a.txt", text.encode(encoding))).text == text


def test_an_ending_in_capitals_is_read(write: Write) -> None:
    assert read(write("A.TXT", "Een tekst")).text == "Een tekst"


def test_a_text_file_has_the_title_of_its_only_marked_heading(write: Write) -> None:
    assert read(write("a.txt", f"# Titel\n\n{PROSE}\n\n## Een\n\n## Twee\n")).title == "Titel"
    assert read(write("b.txt", f"1. Inleiding\n\n{PROSE}\n")).title == ""


# Headings in plain text


def test_hashes_numbers_and_lone_lines_are_headings(write: Write) -> None:
    text = f"Samenvatting\n\nWaar het om gaat\n\n{PROSE}\n\n1. Inleiding\n\n{PROSE}\n\n1.1 Aanleiding\n\n{PROSE}\n\n"
    text += f"Een losse kop\n\n{PROSE}\n\n2 Conclusie: wat nu?\n\n{PROSE}\n"
    expected = [(1, "Samenvatting"), (2, "Waar het om gaat"), (1, "1. Inleiding"), (2, "1.1 Aanleiding")]
    assert outline(read(write("a.txt", text))) == [*expected, (3, "Een losse kop"), (1, "2 Conclusie: wat nu?")]


def test_who_marks_headings_with_hashes_marks_them_all(write: Write) -> None:
    text = (
        f"# Een\n\nLosse regel\n\n{PROSE}\n\n## Twee *schuin* en **vet**\n\n{PROSE}\n\n### Drie\n\n#HoeDan\n\n{PROSE}\n"
    )
    assert outline(read(write("a.txt", text))) == [(1, "Een"), (2, "Twee schuin en vet"), (3, "Drie")]


def test_a_number_and_the_title_below_it_are_one_heading(write: Write) -> None:
    text = f"# 5\n\n## Houd vol\n\n{PROSE}\n\n# 6\n\n## Ga door\n\n{PROSE}\n"
    document = read(write("a.txt", text))
    assert outline(document) == [(1, "5 Houd vol"), (1, "6 Ga door")]
    assert document.text[document.headings[0].start : document.headings[0].end] == "# 5\n\n## Houd vol"


def test_a_heading_broken_over_two_lines_is_one_heading(write: Write) -> None:
    document = read(write("a.txt", f"{PROSE}\n\nWerken in de netwerksamen-\nleving en daarbuiten\n\n{PROSE}\n"))
    assert titles(document) == ["Werken in de netwerksamenleving en daarbuiten"]
    assert document.text[document.headings[0].start : document.headings[0].end].count("\n") == 1


def test_a_heading_on_top_of_its_prose_is_found(write: Write) -> None:
    paragraph = (
        "In de alternatieve aanpak leeft een sterk besef van waarden als kader voor de\neigen opgave, en dat helpt.\n"
    )
    assert titles(read(write("a.txt", f"{paragraph}\nBesef van waarden\n{paragraph}"))) == ["Besef van waarden"]


@pytest.mark.parametrize(
    "line",
    [
        "Dit is een hele zin.",
        "De volgende vragen zijn van belang:",
        "kleine letter aan het begin",
        "Een zin die door de scan is afgebroken bij de",
        "Figuur 3: de vijf stappen",
        "Tabel 2",
        "12",
        "- een punt uit een lijst",
        "2 Moore, M. (1995). Creating public value",
        "Leren door doen → 11",
        "Inleiding ........ 3",
        "Een (onaf haakje",
        "www.voorbeeld.nl",
        "Jan Jansen, Piet Pietersen, Marie van den Berg",
        "i.s.m. Bureau Voorbeeld",
        "Een regel die zo lang is dat hij voor een kop echt veel te veel woorden heeft gekregen",
    ],
)
def test_a_line_that_is_no_title_is_no_heading(write: Write, line: str) -> None:
    assert titles(read(write("a.txt", f"{PROSE}\n\n{line}\n\n{PROSE}\n"))) == []


def test_a_line_in_the_midst_of_a_sentence_is_no_heading(write: Write) -> None:
    text = "Een lange zin met meer dan twaalf woorden die hier zomaar ineens op een pagina\n\nLopende kop\n\n"
    assert titles(read(write("a.txt", f"{text}verder gaat tot aan de punt.\n"))) == []


def test_a_running_header_is_no_heading(write: Write) -> None:
    torn = "Een lange zin met meer dan twaalf woorden die hier zomaar ineens aan het eind van"
    text = "".join(f"{torn}\n\nDe titel van het boek\n\nde pagina is geëindigd. En door.\n\n" for _ in range(3))
    assert titles(read(write("a.txt", f"{text}De titel van het boek\n\n{PROSE}\n"))) == []


def test_of_a_row_of_short_lines_only_the_first_is_a_heading(write: Write) -> None:
    cells = "\n\n".join(
        ["Eerder verschenen", "Leren van toen", "De opgave aan tafel", "Tijd voor de rivier", "Ten slotte"]
    )
    assert titles(read(write("a.txt", f"{PROSE}\n\n{cells}\n\n{PROSE}\n"))) == ["Eerder verschenen"]


def test_a_numbered_list_holds_no_headings(write: Write) -> None:
    text = (
        f"{PROSE}\n\n1. Wees toekomstgericht\n2. Werk samen\n3. Houd vol\n\n{PROSE}\n\n1. Eerst dit\n\n2. Dan dat\n\n"
    )
    assert titles(read(write("a.txt", f"{text}{PROSE}\n"))) == []


def test_lines_of_awkward_length_take_no_time(write: Write) -> None:
    lines = [
        "A" + " " * 100_000 + "b",
        "# x" + " #" * 50_000,
        "1." * 50_000,
        "abc " + "*" * 50_000,
        "Kop" + "." * 50_000,
    ]
    check(read(write("a.txt", "\n\n".join(lines))))


# Markdown


def test_front_matter_stays_in_the_text_and_gives_the_title(write: Write) -> None:
    text = "---\ntitle: Leren: van doen\nslug: x\n---\n\n# Kop\n\nTekst.\n"
    document = read(write("a.md", text))
    assert (document.text, document.title, outline(document)) == (text, "Leren: van doen", [(1, "Kop")])


def test_a_quoted_title_loses_its_quotes(write: Write) -> None:
    assert read(write("a.md", '---\ntitle: "Een titel"\n---\n\nTekst.\n')).title == "Een titel"


def test_without_front_matter_the_first_highest_heading_is_the_title(write: Write) -> None:
    assert read(write("a.md", "## Vooraf\n\n# De *titel*\n")).title == "De titel"


def test_markdown_headings_are_found_where_they_stand(write: Write) -> None:
    text = "# Een `code` en [link](http://x.nl) &amp; meer ##\n\nTwee\nregels\n------\n\n"
    text += "```\n# geen kop\n```\n\n   ### Drie\n"
    document = read(write("a.md", text))
    assert outline(document) == [(1, "Een code en link & meer"), (2, "Twee regels"), (3, "Drie")]
    found = [document.text[heading.start : heading.end] for heading in document.headings]
    assert found == [text.split("\n")[0], "Twee\nregels\n------", "### Drie"]


def test_the_end_of_front_matter_makes_no_heading(write: Write) -> None:
    assert read(write("a.md", "---\ntitle: x\n---\ntekst\n")).headings == ()


# HTML

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html><html><head><title> De  pagina </title><style>p {color: red}</style></head><body>
<header><p>Logo</p></header><nav>Menu</nav>
<main><h1>De <em>kop</em></h1><p>Een alinea met <b>vet</b>,
en &eacute;&eacute;n &lt;regel&gt;.<br>Nieuwe regel.</p>
<ul><li>een</li><li><p>twee</p><ul><li>diep</li></ul></li></ul>
<article><header><h2>Tweede kop</h2></header><p>Slot<!-- stil -->woord.</p></article>
<table><tr><td>a</td><td><p>b</p></td></tr><tr><td>c</td><td>d</td></tr></table>
<p hidden>weg</p><div style="display: none">weg</div><span aria-hidden="true">weg</span><script>alert(1)</script>
</main><footer>Onderaan</footer></body></html>"""


def test_a_page_becomes_the_text_that_a_reader_sees(write: Write) -> None:
    document = read(write("a.html", PAGE))
    check(document)
    assert document.text == (
        "De kop\n\nEen alinea met vet, en één <regel>.\nNieuwe regel.\n\neen\ntwee\ndiep\n\n"
        "Tweede kop\n\nSlotwoord.\n\na\tb\nc\td"
    )
    assert (document.title, outline(document)) == ("De pagina", [(1, "De kop"), (2, "Tweede kop")])
    assert [document.text[heading.start : heading.end] for heading in document.headings] == ["De kop", "Tweede kop"]


def test_a_page_without_title_is_named_after_its_heading(write: Write) -> None:
    assert read(write("a.htm", "<h1>Kop</h1><p>Tekst")).title == "Kop"


def test_preformatted_text_keeps_its_lines(write: Write) -> None:
    assert read(write("a.html", "<p>x</p><pre>een\n  twee</pre>")).text == "x\n\neen\n  twee"


def test_two_line_breaks_make_a_paragraph(write: Write) -> None:
    assert read(write("a.html", "<p>een<br> <br>twee<br>drie")).text == "een\n\ntwee\ndrie"


def test_invisible_characters_are_left_out(write: Write) -> None:
    assert read(write("a.html", "<p>samen&shy;werking")).text == "samenwerking"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "iso-8859-15"])
def test_a_page_is_decoded_as_it_says(write: Write, encoding: str) -> None:
    page = f'<html><head><meta charset="{encoding}"></head><body><p>één geïntegreerd idee</p></body></html>'
    assert read(write("a.html", page.encode(encoding))).text == "één geïntegreerd idee"


def test_a_page_nested_without_end_is_read(write: Write) -> None:
    assert read(write("a.html", "<div>" * 5_000 + "diep")).text == "diep"


# PDF


def test_pages_are_joined_and_marked(write: Write) -> None:
    document = read(write("a.pdf", pdf(["Pagina een."], [], ["Pagina drie."])))
    check(document)
    assert document.text == "Pagina een.\n\n\n\nPagina drie."
    assert [document.text[start : start + 11] for start in document.pages][::2] == ["Pagina een.", "Pagina drie"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("Leren van doen", "Leren van doen"), ("untitled", ""), ("(anonymous)", ""), ("Microsoft Word - x.docx", "")],
)
def test_a_title_in_the_properties_is_used_if_it_is_one(write: Write, given: str, kept: str) -> None:
    assert read(write("a.pdf", pdf(["Tekst."], title=given))).title == kept


def test_bookmarks_are_headings_where_their_title_stands(write: Write) -> None:
    data = pdf(["Inleiding", "Deze Inleiding is kort."], ["Het vervolg", "Tekst."], bookmarks=True)
    document = read(write("a.pdf", data))
    check(document)
    assert outline(document) == [(1, "Inleiding"), (2, "Het vervolg")]
    assert [document.text[heading.start : heading.end] for heading in document.headings] == ["Inleiding", "Het vervolg"]


def test_without_bookmarks_short_lines_between_prose_are_headings(write: Write) -> None:
    prose = ["Een regel die de bladspiegel geheel vult met gewone woorden en", "die daarna eindigt met een punt."]
    pages = [
        ["Lopende kop", "1 Inleiding", *prose, *prose, "1.1 Aanleiding", *prose, "Een losse kop", *prose, "Ja."],
        ["Lopende kop", "2 Slot", *prose],
    ]
    document = read(write("a.pdf", pdf(*pages, ["Lopende kop", *prose])))
    check(document)
    assert outline(document) == [(1, "1 Inleiding"), (2, "1.1 Aanleiding"), (3, "Een losse kop"), (1, "2 Slot")]


def test_an_encrypted_pdf_that_opens_without_password_is_read(write: Write) -> None:
    assert read(write("a.pdf", pdf(["Open tekst."], encrypt=StandardEncryption("", "geheim", strength=128)))).text


@pytest.mark.parametrize("strength", [40, 128])
def test_an_encrypted_pdf_is_refused(write: Write, strength: int) -> None:
    data = pdf(["Geheim."], encrypt=StandardEncryption("geheim", strength=strength))
    assert "wachtwoord" in refusal(write("a.pdf", data))


def test_a_pdf_encrypted_with_aes_is_refused(write: Write) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(pdf(["Geheim."])))
    pytest.importorskip("cryptography")
    writer.encrypt("geheim", algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    assert "wachtwoord" in refusal(write("a.pdf", target.getvalue()))


def test_a_pdf_without_text_is_refused_with_advice(write: Write) -> None:
    assert "OCR" in refusal(write("a.pdf", pdf([], [])))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.integers(min_value=10, max_value=900), st.binary(max_size=12))
def test_a_damaged_pdf_is_read_or_refused_in_silence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, cut: int, dirt: bytes
) -> None:
    data = pdf(["Een tekst."])
    path = tmp_path / "a.pdf"
    path.write_bytes(data[:cut] + dirt + data[cut + len(dirt) + 5 :])
    try:
        check(read(path))
    except UnreadableDocument as error:
        assert error.reason.endswith(".")
    assert not caplog.records


def test_a_pdf_that_was_cut_off_is_refused(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    assert "beschadigd" in refusal(write("a.pdf", b"%PDF-1.7\nrommel"))
    assert capsys.readouterr() == ("", "")


# Word


def test_a_word_document_is_read_in_order(write: Write) -> None:
    def fill(document: WordDocument) -> None:
        document.core_properties.title = "De nota"
        document.add_heading("Hoofdstuk", level=1)
        document.add_paragraph("Eerste alinea.")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip([cell for row in table.rows for cell in row.cells], "abcd", strict=True):
            cell.text = text
        table.cell(0, 1).add_paragraph("onder b")
        document.add_heading("Paragraaf", level=2)
        document.add_paragraph("Laatste alinea.")

    document = read(write("a.docx", word(fill)))
    check(document)
    assert document.text == "Hoofdstuk\n\nEerste alinea.\n\na\tb\nonder b\nc\td\n\nParagraaf\n\nLaatste alinea."
    assert (document.title, outline(document)) == ("De nota", [(1, "Hoofdstuk"), (2, "Paragraaf")])
    assert [document.text[heading.start : heading.end] for heading in document.headings] == ["Hoofdstuk", "Paragraaf"]


def test_dutch_heading_styles_and_styles_based_on_them_are_headings(write: Write) -> None:
    def fill(document: WordDocument) -> None:
        for number in (1, 2):
            document.styles.add_style(f"Kop {number}", 1)
            document.add_paragraph(f"Titel {number}", style=f"Kop {number}")
        own = document.styles.add_style("Huisstijl", 1)
        own.base_style = document.styles["Heading 3"]
        document.add_paragraph("Titel 3", style="Huisstijl")

    assert outline(read(write("a.docx", word(fill)))) == [(1, "Titel 1"), (2, "Titel 2"), (3, "Titel 3")]


def test_the_title_of_a_word_document_may_be_a_paragraph(write: Write) -> None:
    document = read(write("a.docx", word(lambda document: document.add_heading("De titel", level=0))))
    assert (document.text, document.title, document.headings) == ("De titel", "De titel", ())


def test_tracked_insertions_and_content_controls_are_read_and_deletions_are_not(write: Write) -> None:
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def fill(document: WordDocument) -> None:
        body = document.element.body
        body.insert(
            0,
            parse_xml(
                f"<w:sdt {namespace}><w:sdtContent><w:p><w:r><w:t>Blok.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            ),
        )
        runs = "<w:ins><w:r><w:t>Nieuw</w:t></w:r></w:ins><w:del><w:r><w:delText>oud</w:delText></w:r></w:del>"
        body.insert(1, parse_xml(f"<w:p {namespace}>{runs}<w:r><w:tab/><w:t>.</w:t></w:r></w:p>"))

    assert read(write("a.docx", word(fill))).text == "Blok.\n\nNieuw\t."


def test_an_empty_word_document_is_refused(write: Write) -> None:
    assert "geen tekst" in refusal(write("a.docx", word(lambda document: None)))


def test_a_word_document_that_was_cut_off_is_refused(write: Write) -> None:
    data = word(lambda document: document.add_paragraph("Tekst."))
    assert "beschadigd" in refusal(write("a.docx", data[: len(data) // 2]))


@pytest.mark.parametrize("content", [b"", b"<geen", b"<a/>"])
def test_a_package_that_is_no_word_document_inside_is_refused(write: Write, content: bytes) -> None:
    assert "beschadigd" in refusal(write("a.docx", zipped(word__document_xml=content)))


def test_a_zip_bomb_is_refused(write: Write) -> None:
    bomb = zipped(word__document_xml=bytes(1_000_000), word__media_bin=bytes(300_000_000))
    assert len(bomb) < 1_000_000
    assert "uitgepakt te groot" in refusal(write("a.docx", bomb))


# Refusals of every kind


def test_each_supported_ending_is_listed_for_an_unsupported_one(write: Write) -> None:
    reason = refusal(write("a.xlsx", "x"))
    assert ".xlsx" in reason
    assert all(suffix in reason for suffix in SUFFIXES)
    assert "zonder uitgang" in refusal(write("tekst", "x"))


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
def test_an_empty_file_is_refused(write: Write, suffix: str) -> None:
    assert "leeg" in refusal(write(f"a{suffix}", ""))


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_a_blank_file_is_refused(write: Write, name: str) -> None:
    assert "witruimte" in refusal(write(name, " \n\t\n"))


@pytest.mark.parametrize("page", ["<html><body></body></html>", "<p>&nbsp;</p><script>x()</script>"])
def test_a_page_without_words_is_refused(write: Write, page: str) -> None:
    assert "geen leesbare tekst" in refusal(write("a.html", page))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(write: Write) -> None:
    path = write("a.txt", "x" * 11)
    path.chmod(0)
    assert "te groot" in refusal(path, max_bytes=10)


def test_a_file_of_exactly_the_limit_is_read(write: Write) -> None:
    assert read(write("a.txt", "x" * 10), max_bytes=10).text == "x" * 10


def test_a_sparse_file_of_a_hundred_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    assert refusal(path) == ("Het bestand is te groot (100,0 MB); splits het op of verklein het tot hoogstens 50,0 MB.")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "bestaat niet" in refusal(tmp_path / "weg.txt")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "map.txt"
    folder.mkdir()
    assert "map" in refusal(folder)


def test_something_that_is_no_regular_file_is_refused() -> None:
    assert "geen gewoon bestand" in refusal(Path(os.devnull))


@pytest.mark.parametrize("name", ["a\0b.txt", "a" * 500 + ".txt"])
def test_an_impossible_name_is_refused(tmp_path: Path, name: str) -> None:
    assert "niet worden geopend" in refusal(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root mag alles lezen")
def test_a_file_without_permission_is_refused(write: Write) -> None:
    path = write("a.txt", "geheim")
    path.chmod(0)
    assert "leesrechten" in refusal(path)


@pytest.mark.parametrize(
    ("name", "content", "seen"),
    [
        ("a.docx", pdf(["x"]), "een PDF-bestand"),
        ("a.txt", PNG, "een PNG-afbeelding"),
        ("a.pdf", "<!DOCTYPE html><html><p>x</html>", "een HTML-pagina"),
        ("a.txt", "<html><p>x</html>", "een HTML-pagina"),
        ("a.md", word(lambda document: document.add_paragraph("x")), "een Word-document"),
        ("a.docx", zipped(xl__workbook_xml=b"x"), "een Excel-werkmap"),
        ("a.docx", zipped(iets=b"x"), "een zip-bestand"),
        ("a.txt", b"PK\x03\x04kapot", "een beschadigd zip-bestand"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "een oud of met een wachtwoord beveiligd Office-bestand"),
        ("a.html", b"\xff\xd8\xff\xe0foto", "een JPEG-afbeelding"),
        ("a.txt", "{\\rtf1 tekst}", "een RTF-bestand"),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_refused(
    write: Write, name: str, content: str | bytes, seen: str
) -> None:
    assert f"lijkt {seen};" in refusal(write(name, content))


@pytest.mark.parametrize(("name", "kind"), [("a.pdf", "een PDF-bestand"), ("a.docx", "een Word-document")])
def test_plain_text_is_no_pdf_or_word_document(write: Write, name: str, kind: str) -> None:
    assert f"is niet {kind};" in refusal(write(name, "gewone tekst"))


def test_plain_text_is_no_page(write: Write) -> None:
    assert "geen HTML" in refusal(write("a.html", "gewone tekst < 3"))


@pytest.mark.parametrize(
    "content",
    [b"tekst\0tekst", b"\x01\x02\x03\x04 a", b"\x81\x8d\x8f\x90\x9d", bytes(range(128, 256)) * 4, b"\xe9" * 50],
)
def test_bytes_that_are_no_text_are_refused(write: Write, content: bytes) -> None:
    assert "geen leesbare tekst" in refusal(write("a.txt", content))


def test_a_text_in_utf_16_is_refused_with_advice(write: Write) -> None:
    assert "UTF-16" in refusal(write("a.txt", "tekst".encode("utf-16")))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.sampled_from(sorted(SUFFIXES)), st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>"]), st.binary())
def test_whatever_the_bytes_no_other_error_escapes(tmp_path: Path, suffix: str, head: bytes, tail: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(head + tail)
    try:
        check(read(path))
    except UnreadableDocument as error:
        assert error.reason.endswith(".")


# The essays

SAMPLES = {
    "binnenstebuiten": ["Voorwoord", "1. Op zoek naar een nieuw normaal", "In driehoeken denken"],
    "grenzeloos-verzameld": ["Inleiding", "De 10 aanbevelingen", "5 Creëer doorzettingskracht", "Mijn conclusie"],
    "leerlijn-energie-klimaat-ruimte": ["1. Inleiding", "Casus: Team klimaatadaptatie Groningen", "Verbindend werken"],
    "leren-van-doen": ["Samenvatting", "Een gedurfd programma", "Leren door doen", "4. Analyse en Conclusie"],
    "vragen-over-slim": ["Te beantwoorden vragen over slim", "Hoe tussenruimtes werken"],
}
COUNTS = {
    "binnenstebuiten": (15, 25),
    "grenzeloos-verzameld": (200, 225),
    "leerlijn-energie-klimaat-ruimte": (15, 20),
    "leren-van-doen": (35, 45),
    "vragen-over-slim": (10, 20),
}


@pytest.mark.parametrize("slug", sorted(SAMPLES))
def test_an_essay_is_read_exactly_with_a_table_of_contents(essays: Path, slug: str) -> None:
    path = essays / f"{slug}.txt"
    if not path.exists():
        pytest.skip(f"{path} is er niet")
    document = read(path)
    check(document)
    assert document.text == path.read_text(encoding="utf-8")
    assert set(SAMPLES[slug]) <= set(titles(document))
    fewest, most = COUNTS[slug]
    assert fewest <= len(document.headings) <= most


@pytest.mark.parametrize("slug", sorted(SAMPLES))
def test_no_heading_of_an_essay_is_furniture(essays: Path, slug: str) -> None:
    path = essays / f"{slug}.txt"
    if not path.exists():
        pytest.skip(f"{path} is er niet")
    furniture = re.compile(r"→|^Figuur|^Tabel \d|^Binnenstebuiten, ondersteboven|^\d+$|^Martijn")
    assert not [title for title in titles(read(path)) if furniture.search(title)]
