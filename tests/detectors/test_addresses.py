# ruff: noqa: RUF001  # addresses as people write them

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.heads import SPARSE
from tests.detectors.build import found, scanned

PIECES = [
    *("12 High Street", "No: 12/5", "34710", "Kadıköy/İstanbul", "Cad.", "Mah.", "Lale Sok. 5"),
    *("Hauptstraße 12", "10115 Berlin", "ул. Абая", "д. 10", "кв. 5", "г. Алматы", "050000"),
    *("רחוב הרצל 12", "תל אביב", "شارع حمدان 7", "دبي", "P.O. Box 12", "CA 94103", "SW1A 2AA"),
    *("street", "St", "Apt 5", ",", "12", "\n", "Broadway", "пр-т", "Platz 3", "a", "🎈"),
]


def addresses(text: str, at: str = "text") -> list[str]:
    return [covered for entity, covered in found(text, at) if entity == "STREET_ADDRESS"]


def sure(text: str) -> float:
    return max((one.confidence for one in scanned({"text": text})), default=0.0)


@pytest.mark.parametrize(
    "text",
    [
        "I live at «221B Baker Street, London NW1 6XE» now",
        "ship to «1600 Amphitheatre Pkwy, Mountain View, CA 94043», please",
        "«350 Fifth Avenue, New York, NY 10118-0110».",
        "«Flat 3, 14 Mill Lane, Leeds LS1 4AP»",
        "visit «12 Old Church Rd., Apt 5B, Springfield, IL 62704»",
        "«1 N Main St Suite 200, Fresno, CA 93721» is ours",
        "we moved to «742 Evergreen Terrace»; call first",
        "at «10 Downing Street» in London",
        "«45 W 34th Street, New York»",
        "«14 Broadway, Bristol BS1 4ST» is sold",
        "«2201 El Camino Real, San Jose, CA 95113»",
        "«221b baker street, london nw1 6xe»",
        "send it to «P.O. Box 1234, Dubai»",
        "«12 The Crescent, Edinburgh EH1 1YZ», buyer's mobile",
        "«77 Massachusetts Ave\nCambridge, MA 02139»",
    ],
)
def test_english_addresses_have_a_number_and_a_street(text):
    assert addresses(text.replace("«", "").replace("»", "")) == [span(text)]


@pytest.mark.parametrize(
    "text",
    [
        "«Atatürk Mah. Cumhuriyet Cad. No: 12 D: 5, 34710 Kadıköy/İstanbul» adresine",
        "Kargo adresim: «Bağdat Caddesi No:45/3, 34728 Kadıköy/İstanbul».",
        "Teslimat «Gül Sokak No:7, 06690 Çankaya/Ankara» adresine",
        "«19 Mayıs Mahallesi, 1453. Sokak No 8 Kat 2 Daire 4 Şişli İstanbul»",
        "fatura adresini «Kıbrıs Şehitleri Cad. No:18/60, 35220 Konak/İzmir» olarak",
        "«Barbaros Bulvarı 145, Beşiktaş/İstanbul»",
        "evim «Lale Sok. 12/3» üzerinde",
        "«ATATÜRK CADDESİ NO:5 KADIKÖY/İSTANBUL»",
        "«Fevzi Çakmak Mh. Şehit Ali Sk. Gül Apt. No:3 D:7 07100 Muratpaşa/Antalya»",
        "ofisimiz «Büyükdere Cad. No: 100-102 B Blok Kat: 7, 34394 Levent/İstanbul»'da",
        "«100. Yıl Mah. Atatürk Bulvarı No:1 Atakum Samsun»",
    ],
)
def test_turkish_addresses_go_from_quarter_to_province(text):
    assert addresses(text.replace("«", "").replace("»", "")) == [span(text)]


@pytest.mark.parametrize(
    "text",
    [
        "wohnt in der «Hauptstraße 12, 10115 Berlin».",
        "«Karl-Marx-Allee 34a, 10178 Berlin»",
        "an «Am Mühlbach 7, 80331 München». Danke",
        "«Lange Str. 5\n60311 Frankfurt am Main»",
        "«Schillerplatz 112, 04109 Leipzig»",
        "«Unter den Linden 77, D-10117 Berlin»",
        "im «Birkenweg 3-5» wohnt sie",
        "«Straße des 17. Juni 135, 10623 Berlin»",
        "«Königsallee 60 b, 40212 Düsseldorf»",
        "Die Rechnung bitte an «Goethestr. 9, 70173 Stuttgart». Heike",
        "Lieferung an «Postfach 12 34»",
    ],
)
def test_german_addresses_have_the_number_behind_the_street(text):
    assert addresses(text.replace("«", "").replace("»", "")) == [span(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Адрес: «г. Алматы, ул. Абая, д. 10, кв. 5»",
        "живу на «пр. Назарбаева 120», приезжайте",
        "Новый адрес доставки: «ул. Толе би 15, кв. 3, Алматы 050000».",
        "«мкр. Самал-2, д. 33, кв. 12, Алматы 050000»",
        "«050000, г. Алматы, проспект Достык, дом 5/1, офис 7»",
        "«пр. Кабанбай батыра 53, кв. 2, Астана 010000»",
        "«г. Москва, ул. 8 Марта, д. 1, корп. 2, стр. 3»",
        "едет на «Невский проспект, 28» к шести",
        "«Абай көшесі, 52-үй, 3-пәтер, Алматы»",
        "по адресу «ул. Гоголя, 40А»",
    ],
)
def test_russian_and_kazakh_addresses_name_the_kind_of_street(text):
    assert addresses(text.replace("«", "").replace("»", "")) == [span(text)]


@pytest.mark.parametrize(
    "text",
    [
        "כתובת חדשה: «רחוב הרצל 12, תל אביב 6688101».",
        "אני גר ב«רחוב בן גוריון 5 דירה 3, רמת גן»",
        "«שדרות רוטשילד 45, תל אביב»",
        "«רח' ויצמן 7, חיפה 3303139» כן",
        "«דרך מנחם בגין 132, תל אביב»",
        "לשלוח ל«ת.ד. 1234, ירושלים»",
        "عنوان: «شارع الشيخ زايد 12، دبي».",
        "عنوان التوصيل الجديد: «شارع الوحدة 7, أبوظبي»",
        "«شارع المكتوم 118، رأس الخيمة»",
        "«ص.ب. 1234، الشارقة»",
        "أسكن في «طريق الملك فهد ٢٥، الرياض»",
    ],
)
def test_hebrew_and_arabic_addresses_begin_with_the_kind_of_street(text):
    assert addresses(text.replace("«", "").replace("»", "")) == [span(text)]


@pytest.mark.parametrize(
    "text",
    [
        "10 minutes from the main road, 2 blocks down the street",
        "it is a 3 way street and 5 star road",
        "Chapter 12 The Way of Kings, 24 Hour Drive",
        "in 1945 Wall Street was quiet",
        "Copyright 2021 Iain Lane",
        "Order 5 St. Patrick mugs, 3 Square meals, item 7 Row B",
        "Invoice 100, CA 94103",
        "version 12, 34567 Builds, Menge 12, 10000 Euro",
        "Stellplatz 12, Arbeitsplatz 5, Speicherplatz 5 GB, Platz 3",
        "Bestellung 12, 10115 Stück",
        "sokak 5 kişi, Audio CD 12, 4000 mAh 5",
        "ул. без номера, пр. и др. 5 штук",
        "и т.д. 10, ш. 5",
        "д. 10",
        "דרך האתר 5, רחוב הומה",
        "شارع جميل، طريق طويل",
        "PO Box is full, box 12",
        "St 12, Ave 5, Street 9, Cad. 5, Mah. 3",
        "order 5321 Street King shoes",
        "Windows 11 Way faster",
        "the 100 Best Places",
    ],
)
def test_a_number_near_such_a_word_is_mostly_no_address(text):
    assert addresses(text) == []


def test_a_postcode_or_a_word_about_addresses_makes_it_surer():
    alone = sure("12 High Street")
    whole = sure("12 High Street, Leeds LS1 4AP")
    named = sure("delivery address: 12 High Street")

    assert min(named, whole) > alone > 0.5


def test_two_addresses_of_one_text_are_two_findings():
    text = "from 12 High Street, Leeds LS1 4AP to 5 Mill Lane, Leeds LS1 4AQ"

    assert addresses(text) == ["12 High Street, Leeds LS1 4AP", "5 Mill Lane, Leeds LS1 4AQ"]


@pytest.mark.parametrize(
    "piece", ["5 Street ", "12 High Street ", "Gül Cad. 5 ", "Mah. ", "ул. Абая ", "A 1, 10115 B "]
)
def test_a_text_of_streets_costs_a_bounded_number_of_looks(piece):
    assert len(addresses(piece * (65_536 // len(piece)))) <= 65_536 // SPARSE


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map(" ".join))
def test_whatever_a_text_holds_its_findings_lie_in_it_and_are_not_empty(text):
    for one in scanned({"text": f"x{text}"}):
        assert one.text.strip()


def span(marked: str) -> str:
    return marked[marked.index("«") + 1 : marked.index("»")]
