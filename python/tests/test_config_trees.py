"""The functions of plait.config that work on nested dicts, files and variables answer as dask.config's do."""

import copy
import threading
import warnings

import dask.config
import pytest

import plait
import plait.config

CALLS = [
    *[("canonical_name", k, c) for k, c in (("a-b", {"a_b": 1}), ("a_b", {"a-b": 1}), ("a-b", {}), ("x", 3))],
    ("update", {"x": 1, "y": {"a": 2}}, {"x": 2, "y": {"b": 3}}),
    ("update", {"x": 1, "y": {"a": 2}}, {"x": 2, "y": {"b": 3}}, "old"),
    ("update", {"x": 0, "y": {"a": 2}}, {"x": 2, "y": {"a": 3, "b": 3}}, "new-defaults", {"x": 0, "y": {"a": 2}}),
    ("update", {"x": 1}, {"x": 2}, "new-defaults", {"x": 0}),
    ("update", {"a_b": 1}, {"a-b": {"c": 2}}),
    ("merge", {"x": 1, "y": {"a": 2}}, {"y": {"b": 3}}),
    ("merge",),
    *[("interpret_value", text) for text in ("1", "1.5", "[1, 2]", "text", "true", "False", "none", "null", "'quoted'", "64 MiB", "")],
    ("expand_environment_variables", {"x": [1, "$HOME/y"], "z": ("$HOME", None)}),
    ("expand_environment_variables", "$NO_SUCH_VARIABLE"),
    ("rename", {"a.b": "c.d", "gone": None}, {"a": {"b": 1}, "gone": 2}),
    ("serialize", {"x": [1, None]}),
    ("deserialize", "eyJ4IjogMX0="),
    *[("get", key, "other", config) for key, config in (("a.b", {"a": {"b": 1}}), ("a.c", {"a": {"b": 1}}), ("a_b", {"a-b": 1}), ("a.b.c", {"a": {"b": 1}}))],
    ("pop", "a.b", None, {"a": {"b": 1}}),
    ("pop", "a.c", "other", {"a": {"b": 1}}),
    ("check_deprecations", "another_key"),
    ("check_deprecations", "fuse_ave_width"),
    ("check_deprecations", "old", {"old": None}),
]


def answer(module, name, arguments):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            result = getattr(module, name)(*arguments)
        except Exception as error:
            result = (type(error), str(error))
    return result, arguments, [(each.category, str(each.message)) for each in seen]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]}-{str(call[1:])[:50]}")
def test_the_answer_is_dasks(call):
    name, *arguments = call
    assert answer(plait.config, name, copy.deepcopy(arguments)) == answer(dask.config, name, copy.deepcopy(arguments))


def test_variables_are_collected_as_dask_collects_them():
    texts = {"FOO__BAR_BAZ": "123", "X": "true", "FOO__Q": "[1, 2]", "CONFIG": "/nowhere"}
    ours = plait.config.collect_env({f"PLAIT_{name}": text for name, text in texts.items()})
    theirs = dask.config.collect_env({f"DASK_{name}": text for name, text in texts.items()})
    assert ours == {name: value for name, value in theirs.items() if name != "config"}


def test_files_are_collected_in_the_order_of_their_names(tmp_path):
    (tmp_path / "b.yaml").write_text("x: 2\ny: {a: 1}\n")
    (tmp_path / "a.yml").write_text("x: 1\nz: [1]\n")
    (tmp_path / "c.json").write_text('{"y": {"b": 2}}')
    (tmp_path / "d.txt").write_text("x: 3\n")
    (tmp_path / "e.yaml").write_text("")
    paths = [str(tmp_path), str(tmp_path / "no-such-folder")]
    assert list(plait.config.collect_yaml(paths)) == list(dask.config.collect_yaml(paths))
    assert plait.config.collect(paths, {}) == dask.config.collect(paths, {}) == {"x": 2, "z": [1], "y": {"a": 1, "b": 2}}
    assert list(plait.config.paths_containing_key("y.a", paths)) == list(dask.config.paths_containing_key("y.a", paths))


@pytest.mark.parametrize(("text", "message"), [("a: [1, 2\nb: 3\n", r"bad.yaml:\d+:\d+: this is not valid YAML"), ("- 1\n", "holds no settings but a list")])
def test_a_file_that_is_no_settings_is_refused_by_its_name(tmp_path, text, message):
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(ValueError, match=message):
        plait.config.collect([str(tmp_path)], {})
    with pytest.raises(ValueError):
        dask.config.collect([str(tmp_path)], {})


def test_a_file_is_ensured_as_comments_and_never_written_over(tmp_path):
    source = tmp_path / "mine.yaml"
    source.write_text("# about\na:\n  b: 1\n\n")
    for module, folder in ((plait.config, tmp_path / "ours"), (dask.config, tmp_path / "theirs")):
        module.ensure_file(str(source), str(folder))
    assert (tmp_path / "ours" / "mine.yaml").read_text() == (tmp_path / "theirs" / "mine.yaml").read_text() == "# about\n# a:\n#   b: 1\n\n"
    source.write_text("changed: 1\n")
    plait.config.ensure_file(str(source), str(tmp_path / "ours"))
    assert "changed" not in (tmp_path / "ours" / "mine.yaml").read_text()


def test_dicts_are_set_and_restored():
    for module in (plait.config, dask.config):
        settings = {"a": {"b": 1}}
        with module.set({"a.b": 2, "c.d": 3}, config=settings, e__f=4):
            assert settings == {"a": {"b": 2}, "c": {"d": 3}, "e": {"f": 4}}
        assert settings["a"] == {"b": 1} and not settings.get("c")


def test_a_section_of_given_dicts_is_exchanged_whole():
    ours, theirs = ({"x-y": {"a_b": 123}, "z": 1} for _ in range(2))
    new = {"x_y": {"a-b": {"c_d": 1}, "e-f": 2}}
    with plait.config.set(new, config=ours), dask.config.set(new, config=theirs):
        assert ours == theirs and plait.config.get("x_y.a-b", config=ours) == {"c_d": 1}
    assert ours == theirs == {"x-y": {"a_b": 123}, "z": 1}


def test_a_renamed_setting_works_with_a_warning():
    with pytest.warns(FutureWarning, match="'fuse_ave_width' has been deprecated; please use 'optimization.fuse.ave-width'"):
        with plait.config.set(fuse_ave_width=5):
            assert plait.config.get("optimization.fuse.ave-width") == 5
    assert plait.config.get("optimization.fuse.ave-width") == 1


def test_defaults_of_libraries_are_below_everything_else():
    plait.config.update_defaults({"mylibrary": {"colour": "red"}, "split-every": 99})
    try:
        assert plait.config.get("mylibrary.colour") == "red"
        assert plait.config.get("split-every") == 4
        with plait.config.set({"mylibrary.colour": "blue"}):
            assert plait.config.get("mylibrary.colour") == "blue"
    finally:
        plait.config.defaults.clear()


def test_settings_are_taken_out():
    plait.config.set({"mine.a": 1, "scheduler": "sync"})
    assert (plait.config.pop("mine.a"), plait.config.pop("scheduler"), plait.config.pop("mine.a", "gone")) == (1, "sync", "gone")
    with pytest.raises(KeyError):
        plait.config.pop("mine.a")


def test_all_settings_are_shown_as_nested_dicts():
    with plait.config.set({"mine.a.b": [1, "x"]}):
        assert plait.config.config["mine"] == {"a": {"b": [1, "x"]}}
    assert plait.config.config["array"]["chunk-size"] == "128 MiB"
    assert "mine" not in plait.config.config


def test_every_setting_of_dask_is_known():
    def names(settings, prefix=""):
        for name, value in settings.items():
            if isinstance(value, dict):
                yield from names(value, f"{prefix}{name}.")
            else:
                yield prefix + name

    known = {name: meaning for name, _, _, meaning in plait._plait.config_entries()}
    of_dask = [name for name in names(dask.config.config) if not name.startswith("distributed")]
    assert len(of_dask) >= 28
    for name in of_dask:
        assert known.get(name), name
        plait.config.get(name)


@pytest.mark.parametrize("name", ["array.svg.size", "dataframe.parquet.minimum-partition-size", "array.rechunk.threshold", "optimization.fuse.max-height"])
def test_defaults_of_dasks_settings_are_dasks(name):
    assert plait.config.get(name) == dask.config.get(name)


def test_many_threads_set_settings_of_their_own():
    wrong = []

    def work(number):
        for i in range(50):
            with plait.config.set({f"mine.of-thread-{number}": i}):
                if plait.config.get(f"mine.of-thread-{number}") != i:
                    wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert plait.config.get("mine", None) is None


def test_the_temporary_directory_holds_the_spill_file(tmp_path):
    import plait.array as da

    with plait.config.set({"temporary-directory": str(tmp_path / "gone"), "memory-budget": "30 MB"}):
        x = da.random.random((4000, 2000), chunks=(400, 2000))
        with pytest.raises(OSError, match="gone"):
            (x + x.sum()).sum().compute()
