"""Every type has one definition, and the check notices when it has not."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import definitions

ROOT = pathlib.Path(__file__).parents[2]


def test_no_type_is_defined_twice():
    assert definitions.repeated(ROOT) == []


def test_a_second_definition_is_noticed(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.h").write_text("namespace plait {\nstruct Select final : Op<Select> {\n};\n}  // namespace plait\n")
    (tmp_path / "src" / "b.cpp").write_text("namespace plait {\nstruct Select {\n};\n}  // namespace plait\n")
    assert definitions.repeated(tmp_path) == ["plait::Select is defined in src/a.h and in src/b.cpp"]


def test_public_types_count(tmp_path):
    for folder, head in (("include", "class PLAIT_API Operand {"), ("src", "struct Operand {")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.h").write_text(f"namespace plait {{\n{head}\n}};\n}}  // namespace plait\n")
    assert definitions.repeated(tmp_path) == ["plait::Operand is defined in include/a.h and in src/a.h"]


def test_types_of_anonymous_namespaces_may_share_a_name(tmp_path):
    (tmp_path / "src").mkdir()
    text = "namespace plait {\nnamespace {\nstruct Row {\n};\n}  // namespace\n}  // namespace plait\n"
    (tmp_path / "src" / "a.cpp").write_text(text)
    (tmp_path / "src" / "b.cpp").write_text(text)
    assert definitions.repeated(tmp_path) == []
