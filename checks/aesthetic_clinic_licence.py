"""Places that offer medical aesthetics against the practice licences of medical institutions."""

from __future__ import annotations

from collections.abc import Iterator

from checks import (
    Check,
    Exempt,
    Fault,
    Finding,
    Frame,
    LegalBasis,
    Licensing,
    Limits,
    Links,
    Mask,
    Register,
    Text,
    Undecided,
    any_has_word,
    has_word,
    look_in_registers,
    words,
)
from layers import LayerSet

INSTITUTIONS = Text("医疗机构管理条例", "Regulations on Medical Institutions")
CHECK = Check(
    id="aesthetic-clinic-licence",
    title=Text("医疗美容场所执业许可", "Practice licences of medical aesthetics"),
    why=Text(
        "医疗美容是医疗活动，须取得医疗机构执业许可证并登记医疗美容科目，按期校验。本项查服务项目、经营范围或类别写有医美、整形、注射等的场所："
        "查无许可、许可已终止、诊疗科目不含医疗美容、校验逾期。生活美容（护肤、美甲等）无需该许可。",
        "Medical aesthetics is medicine: it needs the practice licence of a medical institution with that subject, inspected in time. "
        "Looked at are places whose services, scope or category say injections, surgery and the like; everyday beauty needs no such licence.",
    ),
    legal_basis=(
        LegalBasis(
            Text("中华人民共和国基本医疗卫生与健康促进法", "Law on Basic Health Care and Health Promotion"), "38, 99",
            "2020-06-01", source="JL", verified=True,
            says=Text("举办医疗机构应当取得执业许可或者备案；未取得医疗机构执业许可证擅自执业的处罚",
                      "medical institutions need a licence or filing; penalties for practising without"),
        ),
        LegalBasis(
            INSTITUTIONS, "15, 24, 27, 44–47", "2016-02-06", "2022-04-30", source="LRB", verified=True,
            says=Text("执业须登记并领取许可证，按核准的诊疗科目执业；逾期不校验、超出科目的处罚",
                      "practice needs a licence and keeps to its subjects; penalties for missed inspection and going beyond"),
        ),
        LegalBasis(
            INSTITUTIONS, "14, 23, 26, 43–46", "2022-05-01", source="mem", verified=False,
            says=Text("同上，2022 年修订后条文序号变化", "the same; the revision of 2022 shifts the numbers"),
        ),
        LegalBasis(
            Text("医疗美容服务管理办法", "Measures on Medical Aesthetic Services"), "2, 8, 16", "2002-05-01",
            number="卫生部令第19号", source="mem", verified=False,
            says=Text("医疗美容指运用手术、药物、医疗器械等侵入性医学技术的修复与再塑；必须在登记的机构中进行",
                      "medical aesthetics is what alters by surgery, drugs or devices; only registered institutions may do it"),
        ),
    ),
    needs=("aesthetic_clinic", "medical_licence"),
    limits=(),
    level="lead",
    verify=(
        Text("查看医疗机构执业许可证正副本：名称、地址、诊疗科目、有效期、校验记录", "see the licence: name, address, subjects, term, record of inspections"),
        Text("查看实际开展的项目、价目表、消费单、药品器械进货票据和操作人员执业证书",
             "see what is really done: price list, bills, invoices of drugs and devices, papers of the staff"),
        Text("向卫生健康部门核对登记、校验、备案，并与药品监管部门核对注射类产品来源",
             "ask the health office about licence, inspection, filing, and drug control about what is injected"),
    ),
    pitfalls=(
        Text("生活美容（护肤、美甲、化妆、按摩等）不需要该许可", "everyday beauty (skin care, nails, make-up, massage) needs no such licence"),
        Text("“水光”“热玛吉”等词也被生活美容店用作仪器护理的宣传，须看实际项目和器械",
             "beauty shops use such words for mere gadgets: look at what is done and with what"),
        Text("综合医院、口腔机构的美容科室以医院名称登记", "departments of hospitals are registered under the hospital's name"),
        Text("部分诊所实行备案管理，备案信息可能不在许可登记册", "some clinics are filed, not licensed, and may stand in another list"),
        Text("门店品牌名与登记的机构名称常不一致，以地址和证号核对", "brand and registered name often differ: compare address and number"),
    ),
    since="0.1.0",
)  # fmt: skip
_TELLS = ("services", "business_scope", "category", "name", "registered_name")


def _everyday(frame: Frame) -> Mask:
    return ~any_has_word(
        frame, _TELLS, words("aesthetics", "medical"), words("aesthetics", "negated")
    )


def _without_subject(links: Links) -> Mask:
    """The licence states its subjects, and medical aesthetics is none of them."""
    subjects = links.register["subjects"]
    named = has_word(subjects, words("aesthetics", "subject"), words("aesthetics", "negated"))
    return subjects.notna().to_numpy(bool) & ~named


def _overdue(links: Links) -> Mask:
    return (links.register["inspected_to"].fillna("9999-12-31") < links.on_date).to_numpy(bool)


CLINICS = Licensing(
    themes=("aesthetic_clinic",),
    registers=(
        Register(
            "medical_licence", Text("医疗机构执业许可证", "practice licence"),
            faults=(
                Fault("item_missing", Text("诊疗科目不含医疗美容", "medical aesthetics is not among its subjects"), _without_subject),
                Fault("inspection_overdue", Text("校验有效期已过", "the inspection is overdue"), _overdue),
            ),
            told=("subjects", "inspected_to"),
        ),
    ),
    exempt=(Exempt(Text("资料只显示生活美容，未写明医疗美容项目：无需医疗机构执业许可证",
                        "the data tell of everyday beauty only: no practice licence needed"), _everyday),),
)  # fmt: skip


def find(
    layers: LayerSet,
    limits: Limits,  # noqa: ARG001 - no number is set
    on_date: str,
    *,
    all_subjects: bool = False,
) -> Iterator[Finding | Undecided]:
    """Every place of medical aesthetics whose licence is not in order."""
    return look_in_registers(CHECK, CLINICS, layers, on_date, all_subjects=all_subjects)
