"""The check of the layers finds what it is for: run by `make lint`."""
import pathlib
import tempfile
import unittest

import run


class LayersTests(unittest.TestCase):
    def problems(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = pathlib.Path(folder, "Sources", "Media", name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return run.check(pathlib.Path(folder), {"Media": ["Jobs"], "Jobs": [], "Encoding": ["Media"]})

    def test_folders_that_use_each_other_in_a_circle_are_found(self):
        found = self.problems({
            "Reading/Reader.swift": "struct Reader { let queue: Queue }\n",
            "Waiting/Queue.swift": "package final class Queue { var reader: Reader? }\n",
        })
        self.assertIn("Reading → Waiting → Reading", found[0])
        self.assertEqual(len(found), 3)

    def test_a_longer_circle_is_found(self):
        found = self.problems({
            "A/A.swift": "struct A { let other: B }\n", "B/B.swift": "struct B { let other: C }\n",
            "C/C.swift": "struct C { let other: A }\n",
        })
        self.assertIn("A → B → C → A", found[0])

    def test_arrows_of_one_way_are_no_circle(self):
        self.assertEqual(self.problems({
            "Reading/Reader.swift": "struct Reader { let queue: Queue }\n",
            "Waiting/Queue.swift": "package final class Queue {}\n",
        }), [])

    def test_a_type_that_only_a_comment_or_a_string_names_is_not_used(self):
        self.assertEqual(self.problems({
            "Reading/Reader.swift": "struct Reader { let queue: Queue }\n",
            "Waiting/Queue.swift": "/// See ``Reader``.\nstruct Queue { let name = \"Reader\" } // Reader\n",
        }), [])

    def test_a_type_that_a_string_interpolates_is_used(self):
        found = self.problems({
            "Reading/Reader.swift": "struct Reader { let queue: Queue }\n",
            "Waiting/Queue.swift": "struct Queue { let name = \"\\(Reader.self)\" }\n",
        })
        self.assertEqual(len(found), 3)

    def test_an_import_that_the_package_does_not_declare_is_found(self):
        found = self.problems({"Reader.swift": "public import Jobs\ninternal import struct Encoding.Job\nimport os\n"})
        self.assertEqual(found, ["Media: Reader.swift imports Encoding, which Package.swift does not declare"])

    def test_an_import_of_all_of_foundation_is_found(self):
        choice = "#if canImport(FoundationEssentials)\n    internal import FoundationEssentials\n#else\n    {}\n#endif\n"
        found = self.problems({
            "Reader.swift": choice.format("internal import Foundation"), "Writer.swift": "internal import Foundation\n",
        })
        self.assertEqual(len(found), 1)
        self.assertIn("Writer.swift imports Foundation", found[0])

    def test_a_flag_that_a_text_below_the_program_names_is_found(self):
        found = self.problems({
            "Reader.swift": "/// As --size.\nlet a = \"use \\(b ? \"--frame-rate\" : c) 30\" // --size\n",
            "Style.swift": "let style = \"\"\"\n    :root{--ink:#1d2127}body{color:var(--ink)}\n    \"\"\"\n",
        })
        self.assertEqual(
            found, ["Media: Reader.swift names --frame-rate, which only the program knows: interpolate a Setting"]
        )

    def test_a_flag_that_a_batch_gives_the_program_is_none_of_the_faults(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "Sources", "Batch", "Child.swift")
            path.parent.mkdir(parents=True)
            path.write_text("let words = [\"--json\"]\n")
            self.assertEqual(run.check(pathlib.Path(folder), {"Batch": []}), [])

    def test_a_target_that_is_too_large_is_found(self):
        found = self.problems({"Large.swift": "let a = 1\n" * (run.LARGEST_TARGET + 1)})
        self.assertIn("split it", found[0])


if __name__ == "__main__":
    unittest.main()
