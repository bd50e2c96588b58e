"""What is wrong with a row: where, which value, which rule, in words, and how bad it is."""

from dataclasses import dataclass
from enum import StrEnum

from tasuki.core.labels import Label, Message


class Severity(StrEnum):
    """An error keeps its row out; a warning is told and the row goes in."""

    ERROR = "error"
    WARNING = "warning"

    @property
    def label(self) -> Label:
        """Name it in both languages."""
        return Label("エラー", "Error") if self is Severity.ERROR else Label("注意", "Warning")


class Rule(StrEnum):
    """The rules that a file, a row or a value can break."""

    MISSING_FILE = "missing_file"
    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    NOT_A_WORKBOOK = "not_a_workbook"
    WRONG_ENCODING = "wrong_encoding"
    BROKEN_CSV = "broken_csv"
    DUPLICATE_HEADER = "duplicate_header"
    MISSING_COLUMN = "missing_column"
    MISSING_SHEET = "missing_sheet"
    TOO_MANY_CELLS = "too_many_cells"
    DUPLICATE_LOOKUP_KEY = "duplicate_lookup_key"
    FORMULA_CELL = "formula_cell"
    ERROR_CELL = "error_cell"
    MISSING_VALUE = "missing_value"
    NOT_A_DATE = "not_a_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_FLAG = "not_a_flag"
    NOT_AN_AMOUNT = "not_an_amount"
    NOT_A_CHOICE = "not_a_choice"
    INVALID_CONTACT = "invalid_contact"
    TOO_LONG = "too_long"
    UNKNOWN_STAGE = "unknown_stage"
    UNKNOWN_REASON = "unknown_reason"
    UNKNOWN_REFERENCE = "unknown_reference"
    MISSING_STAGE_DATE = "missing_stage_date"
    DATE_IN_FUTURE = "date_in_future"
    DATES_OUT_OF_ORDER = "dates_out_of_order"
    MISSING_GATE_ITEM = "missing_gate_item"
    GATE_NOT_SHOWN = "gate_not_shown"
    HANDOFF_NEEDED = "handoff_needed"
    CONFLICTING_ROWS = "conflicting_rows"
    HISTORY_DIFFERS = "history_differs"
    NO_RATE = "no_rate"
    ENDS_BEFORE_START = "ends_before_start"

    @property
    def label(self) -> Label:
        """Name the rule in both languages."""
        return _RULE_LABELS[self]


_RULE_LABELS = {
    Rule.MISSING_FILE: Label("ファイルがない", "File missing"),
    Rule.EMPTY_FILE: Label("ファイルが空", "File is empty"),
    Rule.TOO_LARGE: Label("大きすぎる", "Too large"),
    Rule.NOT_A_WORKBOOK: Label("XLSXとして開けない", "Not a readable XLSX file"),
    Rule.WRONG_ENCODING: Label("文字コードが違う", "Wrong encoding"),
    Rule.BROKEN_CSV: Label("CSVとして読めない", "Broken CSV"),
    Rule.DUPLICATE_HEADER: Label("見出しの重複", "Duplicate header"),
    Rule.MISSING_COLUMN: Label("列がない", "Column missing"),
    Rule.MISSING_SHEET: Label("シートがない", "Sheet missing"),
    Rule.TOO_MANY_CELLS: Label("見出しより列が多い", "More cells than headers"),
    Rule.DUPLICATE_LOOKUP_KEY: Label("照合キーの重複", "Duplicate lookup key"),
    Rule.FORMULA_CELL: Label("数式のセル", "Formula cell"),
    Rule.ERROR_CELL: Label("エラーのセル", "Error cell"),
    Rule.MISSING_VALUE: Label("値がない", "Value missing"),
    Rule.NOT_A_DATE: Label("日付として読めない", "Not a date"),
    Rule.AMBIGUOUS_DATE: Label("日付が二通りに読める", "Ambiguous date"),
    Rule.NOT_A_NUMBER: Label("数として読めない", "Not a number"),
    Rule.NOT_A_FLAG: Label("はい・いいえとして読めない", "Not yes or no"),
    Rule.NOT_AN_AMOUNT: Label("金額として読めない", "Not an amount"),
    Rule.NOT_A_CHOICE: Label("選択肢にない", "Not one of the choices"),
    Rule.INVALID_CONTACT: Label("連絡先の形が違う", "Invalid contact detail"),
    Rule.TOO_LONG: Label("長すぎる", "Too long"),
    Rule.UNKNOWN_STAGE: Label("ステージがない", "Unknown stage"),
    Rule.UNKNOWN_REASON: Label("理由がない", "Unknown reason"),
    Rule.UNKNOWN_REFERENCE: Label("参照先がない", "Unknown reference"),
    Rule.MISSING_STAGE_DATE: Label("ステージの日付がない", "No stage date"),
    Rule.DATE_IN_FUTURE: Label("未来の日付", "Date in the future"),
    Rule.DATES_OUT_OF_ORDER: Label("日付の順序が逆", "Dates out of order"),
    Rule.MISSING_GATE_ITEM: Label("ゲート項目の不足", "Gate item missing"),
    Rule.GATE_NOT_SHOWN: Label("ゲート項目の記録なし", "Gate not shown"),
    Rule.HANDOFF_NEEDED: Label("引き継ぎが必要", "Hand-off needed"),
    Rule.CONFLICTING_ROWS: Label("行どうしの食い違い", "Conflicting rows"),
    Rule.HISTORY_DIFFERS: Label("履歴の食い違い", "History differs"),
    Rule.NO_RATE: Label("為替レートがない", "No exchange rate"),
    Rule.ENDS_BEFORE_START: Label("終了日が開始日以前", "Ends before it starts"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong. `row` counts as the spreadsheet does (the header is row 1)."""

    rule: Rule
    message: Message
    severity: Severity = Severity.ERROR
    file: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""


class RowRefused(Exception):
    """A value or a row cannot be taken; carries what is wrong without its place."""

    def __init__(self, rule: Rule, message: Message, *, column: str = "", value: str = "") -> None:
        super().__init__(message.en)
        self.rule = rule
        self.message = message
        self.column = column
        self.value = value


class FileRefused(Exception):
    """A whole file cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message.en)
        self.problem = problem
