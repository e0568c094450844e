import Places
import SystemPackage
import Testing

@testable import Batch

@Suite("A pattern for file names")
struct GlobTests {
    @Test(
        "A pattern for file names matches as a shell's does",
        arguments: [
            ("*.y4m", "a.y4m", true), ("*.y4m", ".y4m", false), (".*", ".a", true), ("a?c", "abc", true),
            ("a?c", "ac", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[!a-c]x", "dx", true),
            ("*a*b*c*", "xxaxxbxxcxx", true), ("*a*b*c*", "xxaxxcxxbxx", false), ("a[", "a[", true), ("", "a", false),
            ("*", "", true), ("**", "abc", true),
            // Names are bytes: é as one code point is not é as two.
            ("\u{E9}", "e\u{301}", false), ("?", "\u{E9}", true), ("??", "e\u{301}", true),
        ]
    )
    func matches(pattern: String, name: String, expected: Bool) {
        #expect(GlobPattern.matches(Array(pattern.unicodeScalars), FileName(name.utf8)) == expected)
    }

    @Test("A pattern for file names takes no time to find out that a name does not match")
    func quick() {
        let pattern = Array((String(repeating: "*a", count: 60) + "b").unicodeScalars)
        #expect(!GlobPattern.matches(pattern, FileName(String(repeating: "a", count: 4000).utf8)))
    }

    @Test("A pattern for file names goes down into folders, sorted, and stops where there are too many")
    func folders() {
        let tree: [String: [(name: String, isFolder: Bool)]] = [
            "": [("b", true), ("a", true), ("x.yuv", false), (".git", true)],
            "a": [("1.yuv", false), ("c", true)], "a/c": [("2.yuv", false), ("n.txt", false)], "b": [("3.yuv", false)],
            ".git": [("4.yuv", false)],
        ]
        func files(_ pattern: String, limit: Int = 100) -> [String] {
            GlobPattern(pattern).files(limit: limit) { folder in
                (tree[folder.string] ?? []).map { (FileName($0.name.utf8), $0.isFolder) }
            }.map(\.string)
        }
        #expect(files("*/*.yuv") == ["a/1.yuv", "b/3.yuv"])
        #expect(files("**/*.yuv") == ["a/1.yuv", "a/c/2.yuv", "b/3.yuv", "x.yuv"])
        #expect(files("a/**/*.yuv") == ["a/1.yuv", "a/c/2.yuv"])
        #expect(files("**/*.yuv", limit: 2).count <= 3)
    }
}

@Suite("What exclude: keeps out")
struct ExclusionTests {
    @Test(
        "A word of exclude: keeps out a file by its name, by a pattern, and by a folder that it is in",
        arguments: [
            ("in/a.y4m", "/m/in/a.y4m", true), ("./in//a.y4m", "/m/in/a.y4m", true), ("in", "/m/in/a.y4m", true),
            ("in/", "/m/in/b/a.y4m", true), ("in/a", "/m/in/a.y4m", false), ("/m/in/a.y4m", "/m/in/a.y4m", true),
            ("../m/in/*", "/m/in/a.y4m", true), ("../n/*", "/n/a.y4m", true), ("*", "/m/in/a.y4m", true),
            ("*.y4m", "/m/in/a.y4m", false), ("*/*.y4m", "/m/in/a.y4m", true), ("**/*.y4m", "/m/in/b/a.y4m", true),
            ("**/b", "/m/in/b/a.y4m", true), ("in/**", "/m/in/b/a.y4m", true), ("in/**/c", "/m/in/b/a.y4m", false),
            ("**/a.y4m", "/m/.in/a.y4m", false), (".in/**", "/m/.in/a.y4m", true), ("*/a.y4m", "/n/in/a.y4m", false),
            // Names are bytes: é as one code point is not é as two.
            ("in/\u{E9}*", "/m/in/e\u{301}", false), ("in/e\u{301}", "/m/in/\u{E9}", false),
        ]
    )
    func rules(word: String, path: String, expected: Bool) {
        var exclusions = Exclusions()
        let rule = Exclusions.Rule(word: word, place: ManifestPlace(line: 1, column: 1))
        exclusions.add(rule, PathRules(folder: "/m", outputFolder: "/m", allowsAbsolute: false))
        #expect(exclusions.rules(excluding: FilePath(path)) == (expected ? [rule] : []))
    }

    @Test("A word of exclude: with many ** takes no time to find out that a file is not kept out")
    func quick() {
        var exclusions = Exclusions()
        let word = String(repeating: "**/", count: 1000) + "z"
        exclusions.add(
            Exclusions.Rule(word: word, place: ManifestPlace(line: 1, column: 1)),
            PathRules(folder: "/m", outputFolder: "/m", allowsAbsolute: false)
        )
        #expect(exclusions.rules(excluding: FilePath("/m" + String(repeating: "/a", count: 100))).isEmpty)
    }
}
