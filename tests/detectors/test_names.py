# ruff: noqa: RUF001  # names as people write them

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.heads import SPARSE
from detectors.introductions import introductions
from detectors.names import read_name
from detectors.spellings import fold
from tests.detectors.build import found, scanned

LETTERS = "aAbzZğĞıIİiŞöÜéÉñйЙжЖқҚәӘ'’-. אבגםץ׳ابتمن"
MARKS = " ,.:;!?\n\t\u00a0«»\"()،-–'0123456789🎈"


def names(text: str) -> list[str]:
    return [covered for entity, covered in found(text) if entity == "PERSON"]


def surest(text: str) -> float:
    return max((one.confidence for one in scanned({"text": text})), default=0.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, my name is Mary-Jane O'Brien and I moved", ["Mary-Jane O'Brien"]),
        ("MY NAME IS MARY BROWN.", ["MARY BROWN"]),
        ("my name is Robert De Niro Jr. and", ["Robert De Niro Jr"]),
        ("his full name: Ludwig van der Rohe", ["Ludwig van der Rohe"]),
        ("my name is James Young", ["James Young"]),
        ("Hi, this is Priya speaking", ["Priya"]),
        ("This is Callum Macleod, my order is late", ["Callum Macleod"]),
        ("This is Will Smith, I never signed up", ["Will Smith"]),
        ("I'm Grace Chen.", ["Grace Chen"]),
        ("ich heiße Käthe Groß und", ["Käthe Groß"]),
        ("Mein Name ist Björn Jäger, ich", ["Björn Jäger"]),
        ("Ich, Heike Böhm, möchte nichts mehr", ["Heike Böhm"]),
        ("Reserviert auf den Namen Lindemann", ["Lindemann"]),
        ("Benim adım Özlem Koç", ["Özlem Koç"]),
        ("İsmim Tuğba, randevu", ["Tuğba"]),
        ("Merhaba, ben Şebnem Erdoğdu. Fiyat", ["Şebnem Erdoğdu"]),
        ("adım Ayşe'dir", ["Ayşe"]),
        ("Ad Soyad: Yiğit Aslan", ["Yiğit Aslan"]),
        ("Меня зовут Дмитрий Кузнецов, у меня вопрос", ["Дмитрий Кузнецов"]),
        ("ФИО: Ким Анна Сергеевна", ["Ким Анна Сергеевна"]),
        ("— Это Мадина Оспанова, мой номер ниже", ["Мадина Оспанова"]),
        ("Менің атым Нұрлан, сәлем", ["Нұрлан"]),
        ("שמי נועה בן דוד ואני גרה בחיפה", ["נועה בן דוד"]),
        ("קוראים לי איתי", ["איתי"]),
        ("לקוח: מדבר אבי לוי, המספר שלי", ["אבי לוי"]),
        ("כאן Tamar Golan, לא נרשמתי.", ["Tamar Golan"]),
        ("مرحبا، اسمي مريم الكتبي ورقمي", ["مريم الكتبي"]),
        ("رقم الهوية باسم فاطمة النعيمي.", ["فاطمة النعيمي"]),
    ],
)
def test_a_name_follows_an_introduction(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Mr. Smith, Mrs Jones and Ms. Li met Dr. J. K. O'Neil",
            ["Smith", "Jones", "Li", "J. K. O'Neil"],
        ),
        ("Prof. Dr. Ahmet Taner geldi", ["Ahmet Taner"]),
        ("Mr. Smith's house", ["Smith"]),
        ("Herr von Goethe und Frau Dr. Weiß", ["von Goethe", "Weiß"]),
        ("an Herrn Lukas Vogel", ["Lukas Vogel"]),
        ("Sayın Merve Çetin, faturanız", ["Merve Çetin"]),
        ("SAYIN MERVE ÇETİN, FATURANIZ", ["MERVE ÇETİN"]),
        ("Sn. Kaya bekliyor", ["Kaya"]),
        ("Bugün Emre Bey ile Elif Hanım'ı aradık", ["Emre", "Elif"]),
        ("госпоже Смирновой, г-н Петров А.С.", ["Смирновой", "Петров А.С."]),
        ("Нұрлан мырза келді", ["Нұрлан"]),
        ("גברת רחל שפירא, שלום", ["רחל שפירא"]),
        ('ד"ר ביטון יחזור אליך', ["ביטון"]),
        ("السيدة هند السويدي، الموعد", ["هند السويدي"]),
    ],
)
def test_a_name_stands_beside_a_title(text, expected):
    assert sorted(names(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Spoke with Amelia Hughes, call back", ["Amelia Hughes"]),
        ("account holder: Tyrone Nguyen.", ["Tyrone Nguyen"]),
        ("Arayan Hatice Aslan, onay bekliyor", ["Hatice Aslan"]),
        ("Kontoinhaber Stefan Vogel", ["Stefan Vogel"]),
        ("возврат, получатель Алексей Никитин", ["Алексей Никитин"]),
        ("Caller Support, Patient Care Team, employee Benefits Program", []),
        ("Call from United States, signed by Google", []),
        ("the caller Smith", []),
    ],
)
def test_a_whole_name_stands_behind_what_only_people_are(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear John,\nwe regret", ["John"]),
        ("Dear Mr. Hughes:", ["Hughes"]),
        ("Hi Sarah, how are you", ["Sarah"]),
        ("Sevgili Derya, kargon yolda", ["Derya"]),
        ("Merhaba Kerem, kargon yolda", ["Kerem"]),
        ("Sehr geehrte Frau Krüger, anbei", ["Krüger"]),
        ("Liebe Franziska, anbei", ["Franziska"]),
        ("Уважаемая Гүлнара Ахметова!", ["Гүлнара Ахметова"]),
        ("Здравствуйте, Иван Петрович! Ваш", ["Иван Петрович"]),
        ("לכבוד משה פרץ, הנדון", ["משה פרץ"]),
        ("عزيزي راشد، شكرا لك", ["راشد"]),
        ("Best regards,\n\nEleanor Whitaker\nSales", ["Eleanor Whitaker"]),
        ("Kind regards, Freya", ["Freya"]),
        ("Please call. Thanks, Rhys Davies", ["Rhys Davies"]),
        ("Saygılarımla, Uğur Işık", ["Uğur Işık"]),
        ("Mit freundlichen Grüßen\nMatthias Köhler", ["Matthias Köhler"]),
        ("С уважением,\nЕрлан Жумабаев", ["Ерлан Жумабаев"]),
        ("בברכה, תמר סגל", ["תמר סגל"]),
        ("مع التحية، خالد الظاهري", ["خالد الظاهري"]),
    ],
)
def test_a_letter_names_whom_it_greets_and_who_signs(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "my name is not on the list",
        "My name is required",
        "full name: Sales Report",
        "This is Great News, everybody! This is Black Friday.",
        "this is Acme Holdings, my account is closed",
        "I am Sales Manager, my number is below",
        "Dear Customer, Dear Sir or Madam, Dear Hiring Manager, Dear Santa,",
        "Hi Team, hello World, hey Guys, hello Los Angeles, good morning Monday,",
        "Best regards,\nCustomer Support",
        "Sincerely,\nSunset Realty",
        "Thanks, Google Support",
        "Mr. President, Mr. Clean, Dr. Martens, MS Word, ms Latency",
        "DR Backups, new Mr.Minipass(x)",
        "5 Oak Dr Springfield, 123 Maple Dr. San Jose",
        "serial SN ABC123",
        "the drive and the prof of it, mr nobody",
        "Sayın Yetkili, Sayın Üyelerimiz, Değerli Müşterilerimiz, Sayın Veli,",
        "Bir sonraki adım Toplantı",
        "Adım Artışı",
        "Ben Türk Telekom abonesiyim. Ben Ankara'dan arıyorum",
        "Mithat Bey Caddesi 5, yeni bey geldi",
        "Teşekkürler, Yıldız Lojistik A.Ş.",
        "Уважаемые коллеги, Уважаемый Клиент! Здравствуйте, Алматы!",
        "Это Каспий Банк, мой счёт. Это Россия, детка. Я Россия.",
        "С уважением,\nСлужба поддержки",
        "меня зовут в гости",
        "Herr der Ringe, Herr Präsident, Liebe Kunden, Hallo Zusammen,",
        "Ich bin Kunde. Ich bin Marketing Managerin, meine Nummer",
        "Mit freundlichen Grüßen\nIhr Kundenservice",
        "auf den Namen Nordwind Energie GmbH",
        "שמי לא מופיע. קוראים לי לעבודה. שוקולד מר וטעים",
        "תודה רבה, המשך יום נעים",
        "עזרה: מדבר עברית, לא אנגלית",
        "معك حق، أنا مهندس برمجيات، رقمي 5",
        "غير متبوعة باسم قوس أو عدد",
        "باسم الشركة، السيد المدير، عزيزي العميل،",
    ],
)
def test_what_follows_such_words_is_mostly_no_name(text):
    assert names(text) == []


def test_how_sure_a_name_is_depends_on_what_announces_it():
    stated = surest("my name is Olivia Clarke")
    titled = surest("Mrs Olivia Clarke")
    small = surest("my name is olivia clarke")
    said = surest("Ben Olivia Clarke, geldim")
    alone = surest("this is Olivia, hello")

    assert stated > titled > said == 0.5 > small > alone > 0


def test_a_name_inside_of_a_name_is_not_found_twice():
    assert names("Dear Sayın Prof. Dr. Ahmet Kaya,") == ["Ahmet Kaya"]


def test_a_name_ends_before_what_is_no_name():
    assert names("my name is John Smith Monday") == ["John Smith"]
    assert names("my name is John Smith\nSmith") == ["John Smith"]
    assert names("my name is A B C D E F G H. Good") == []


def test_a_text_of_titles_costs_a_bounded_number_of_looks():
    assert len(names("Mr. Smith " * 6400)) == 64_000 // SPARSE
    assert names("Mr. " * 16_000) == []


def test_texts_of_one_batch_are_read_each_on_its_own():
    event = {"a": "my name is", "b": "Olivia Clarke", "c": "Mr. Smith " * 6400, "d": "Mr. Li"}

    assert [one.text for one in scanned(event)][-1] == "Li"


def test_phrases_and_words_are_written_small_and_none_is_empty():
    said = introductions()
    for name in said.__struct_fields__:
        some = getattr(said, name)
        assert all(some)
        if name not in ("titles_as_written", "titles_behind"):
            assert [one for one in some if one != one.replace("İ", "i").lower()] == []
    assert {fold(one) for one in said.never} == said.never


@given(st.text(LETTERS + MARKS, max_size=120), st.integers(0, 120))
def test_a_name_lies_inside_of_its_text(text, at):
    name = read_name(text, at)

    if name is not None:
        assert name.start == at < name.end <= len(text)
        assert text[at : name.end].strip() == text[at : name.end]
        assert text[at].isalpha()


HEADS = st.sampled_from(
    [
        phrase
        for some in ("stated", "titles", "dear", "thanks")
        for phrase in getattr(introductions(), some)
    ]
)


@given(st.lists(HEADS | st.text(LETTERS + MARKS, max_size=12), max_size=12).map(" ".join))
def test_whatever_a_text_holds_its_findings_lie_in_it_and_are_not_empty(text):
    for one in scanned({"text": f"x{text}"}):
        assert one.text.strip()
