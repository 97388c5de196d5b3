"""Japanese."""

# ruff: noqa: RUF001
# Full-width punctuation is the language's own.

from __future__ import annotations

from .._checks import FrozenMapping
from .._wording import Texts

TEXTS: FrozenMapping[str, Texts] = FrozenMapping(
    {
        "in_stock": ("在庫あり", "すぐに発送できます。"),
        "low_stock": ("残りわずか", "在庫は残りわずかです。"),
        "low_stock.left": ("残り{left}点", "在庫は残り{left}点です。"),
        "preorder": ("予約商品", "予約商品は発売後に発送します。"),
        "preorder.released": ("予約商品 {day}", "予約商品（{day}発売）", "予約商品は{day}の発売後に発送します。"),
        "backorder": ("お取り寄せ", "お取り寄せ商品は入荷後に発送します。"),
        "ships_now": ("すぐに発送", "すぐに発送します。"),
        "ships_later": ("後日発送", "後日、入荷後に発送", "後日、入荷後に発送します。"),
        "digital": ("デジタル", "デジタル配信", "デジタルでお届けします。荷物はありません。"),
        "out_of_stock": ("在庫切れ", "在庫切れです。"),
        "unknown": ("在庫状況不明", "在庫の有無を確認できません。"),
        "dated": ("{text}", "{text}、お届け予定 {days}", "{text}お届け予定日は{days}です。"),
        "undated": ("{text}", "{text}、お届け日未定", "{text}お届け日は未定です。"),
        "units": ("{units}点：{text}",),
        "parcel": ("荷物{parcel}/{parcels}：{text}",),
        "delivery.dated": ("{days}", "お届け予定 {days}", "お届け予定日は{days}です。"),
        "delivery.undated": ("お届け日未定", "お届け日は未定です。"),
        "estimate.dated": ("{days}頃", "お届け目安 {days}", "お届けの目安は{days}です。確定した日付ではありません。"),
        "estimate.weeks": (
            "{from}～{until}週間後",
            "お届け目安 {from}～{until}週間後",
            "お届けの目安は{days}です。確定した日付ではありません。",
        ),
        "estimate.within": (
            "{until}週間以内",
            "お届け目安 {until}週間以内",
            "お届けの目安は{days}です。確定した日付ではありません。",
        ),
        "no_date": ("日程未定", "お届け日はまだご案内できません。"),
        "quote.split": (
            "すぐに発送{now}点、後日{later}点",
            "このうち{now}点はすぐに、{later}点は入荷後に発送できます。",
        ),
        "quote.nothing": ("商品なし", "商品がありません。"),
        "quote.cap": ("ご注文は{available}点までです。{rest}",),
        "quote.not_enough": ("{asked}点のうち{available}点のみご注文いただけます。{rest}",),
        "quote.cap_reached": ("ご注文数の上限です", "ご注文数の上限に達しています。"),
        "cancelled.out_of_stock": (
            "キャンセル",
            "キャンセル（在庫切れ）",
            "在庫切れのため、ご注文のこの部分はキャンセルとなりました。",
        ),
        "cancelled.backorder_limit": (
            "キャンセル",
            "キャンセル（在庫切れ）",
            "在庫切れで、お取り寄せもこれ以上できないため、ご注文のこの部分はキャンセルとなりました。",
        ),
        "cancelled.nothing_ships": (
            "取り消し",
            "取り消し（お届けなし）",
            "お届けする商品がないため、この料金は取り消しとなりました。",
        ),
        "cancelled.mixed_cart": (
            "キャンセル",
            "キャンセル（単独でのご注文が必要）",
            "単独でのご注文が必要なため、ご注文のこの部分はキャンセルとなりました。",
        ),
        "cancelled.customer": (
            "キャンセル",
            "ご希望によりキャンセル",
            "ご希望により、ご注文のこの部分はキャンセルとなりました。",
        ),
        "delay.dated": (
            "遅延",
            "遅延、新しいお届け予定 {days}",
            "申し訳ございません。お届けが遅れています。当初の予定は{was}、新しい予定は{days}です。{why}",
        ),
        "delay.undated": (
            "遅延",
            "遅延、お届け日未定",
            "申し訳ございません。お届けが遅れています。当初の予定は{was}、新しい予定日は未定です。{why}",
        ),
        "why.receipt_late": ("商品の入荷が予定より遅れています。",),
        "why.receipt_gone": ("商品が予定どおりに入荷しませんでした。",),
        "why.too_few": ("商品の数が予定より不足しています。",),
        "why.street_date": ("発売日が変更されました。",),
        "why.date_passed": ("商品を期日までに発送できませんでした。",),
        "why.companion": ("遅れている商品と一緒に発送します。",),
    }
)
