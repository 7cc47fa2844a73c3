"""Excel 97–2003 workbooks, where the optional library is installed."""

from __future__ import annotations

import base64
import zlib
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from ilacs_app.intake.reader.contents.excel import old
from ilacs_app.intake.reader.contents.read import read_document
from ilacs_app.intake.reader.contents.refusal import NotAPlan, check_kind
from ilacs_app.intake.reader.limits import check_limits
from tests.pure.intake.reader.contents.packages import texts

PLAN = (
    "c-"
    "rk)O=wd=5dQY%<+p8`^bcF1JPKB=l_Fle)U;A9f|gnYMFdTgR}5{ElB7yJXl>0!5EM^}mqHc1RK56vKiHd~(4q%H5L(5PCqcnOn>agp32BYcfR"
    "?tr2|GJKyR(zodGmJP?2LDA;$g!)mcd?Fkj^+^E076l&K%<b=`$Hg=6VOUj0x)soDSMZn-$M0-"
    "rD6J%Ke^)f(Pm}Vc;{hlNd%%G@@&(2>aLvzmPt(3zc$D!EI`8)U#hzj023T8Q<rz&lz{H<SOHK8apRWV8++evd75d<4P0j+=K-"
    "l^PG<?*@arXmU(>fn#hi|qB9oq53OZ|V~v?=RLe05%BOBUqQ@j(i92us!C+fB+?FJ0RLgKzW?MKM-"
    "kD6!p@x`A{LE;;k6ev;rJ3^8l?#yk*HXFtFLK9U<WAb_VsaO0ipk3<5sJwxmfKgaXg3rU7)9o^kPmK(=AN^%3cW-ANQ&l6+p~#yC=^e`7jT{5S"
    "hCU6-4k^KeR?1o4(pMiKM{&XC<8kKlCS_>BRW~{qDr?3;vm9Q_F{<QEOhcBfHMeT2tktRh@f7JlXRFQe&XUN1CGZ0p@<ew_y-"
    "2c;1K8>35F8dFgX^tk)9mwj_G>DB^~0j>seBEE4Uby6Aq%1X)l)~4@G+6-uHKh`+I$-"
    "STf45+UyH?i;M^|xFl!LWH)OpjAdwAc*YLKV{COZ(+!MkXbknuy|o5$V4TNXW^FUAvzy_)Z)*X)jp)?3BTpJrUwqq%p6Z@IUo-W=H-"
    "RP!b&%%E-"
    "#A)DtGIPj!c$+a7e?v+#JK*CGVV}3hVL2U)KQ5=Svv^4jI*4Kj>vP05vwd`A<mNLRN_>_vRG#Mg5qMCmv=yp7i`&@=M?f+>RwPU$Z9plW)+It8"
    "@4QMDg`z*viXuCq8Q$0>8!8Pp2D8WEte}RWUm%!vL_T9aVqNYmE$A03GVqgrc~h(lN|*Iven2Wk;m&blSI)>a^#|lVo^201QSd!!GsMBB6~9C<"
    "C1C|8RZeeZhY5Sq?R^6lWbV%qYF+H3A)Pcr)x}tE;q@N@}~|~k+UUMI4AeLP{J`<J%&N_vmb*c=Pw-rMdANh@kGzRdxT0|KV6ES|9So2NIy_M"
)
"""A small workbook as an old program wrote it, compressed: no library in use writes the format."""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xls"
    path.write_bytes(zlib.decompress(base64.b85decode(PLAN)))
    return path


@pytest.mark.skipif(find_spec("xlrd") is None, reason="xlrd is not installed: the extra xls")
def test_an_old_workbook_is_read_with_its_formats_and_looks(plan: Path) -> None:
    check_limits(plan)
    whole = read_document(plan)
    read, lists = whole.grids
    assert texts(read) == [
        ["No", "Recommendation", "Action", "Due", "Done"],
        ["1", "Improve children’s plans", "Train staff", "31/03/2026", "50%"],
        ["1", "Improve children’s plans", "Audit plans", "May 2026", ""],
    ]
    assert (read.cell(1, 3).day, read.cell(2, 3).day) == (date(2026, 3, 31), date(2026, 5, 1))
    assert (read.cell(1, 2).is_struck, read.cell(2, 2).live) == (True, "Audit")
    assert (read.cell(2, 4).fill, read.cell(2, 4).fill_from) == ("red", "cell")
    assert read.cell(1, 1).rows == 2
    assert (read.rows[2].hidden, read.hidden, lists.hidden) == (True, False, True)
    assert "old format" in whole.remarks[0]


def test_without_the_library_the_step_that_helps_is_reported(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ilacs_app.intake.reader.contents.refusal.can_read", lambda: False)
    with pytest.raises(NotAPlan, match=r"older format: open it in Office, save it as \.xlsx"):
        check_kind(plan)


def test_an_old_workbook_with_macros_is_refused(plan: Path) -> None:
    plan.write_bytes(plan.read_bytes() + "_VBA_PROJECT_CUR".encode("utf-16-le"))
    with pytest.raises(NotAPlan, match=r"holds macros: save it as \.xlsx"):
        check_limits(plan)


@pytest.mark.skipif(not old.can_read(), reason="xlrd is not installed: the extra xls")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data[:700] + "Workbook".encode("utf-16-le"), "damaged or only half saved"),
        (lambda data: data[:8] + b"\0" * 900 + "WordDocument".encode("utf-16-le"), "Word 97–2003 document inside"),
        (lambda data: b"%PDF-1.7", "is a PDF inside"),
        (lambda data: b"No,Action", "damaged or only half saved"),
    ],
)
def test_what_is_no_old_workbook_is_refused_with_its_cause(plan: Path, change, says: str) -> None:  # type: ignore[no-untyped-def]
    plan.write_bytes(change(plan.read_bytes()))
    with pytest.raises(NotAPlan, match=says):
        read_document(plan)
