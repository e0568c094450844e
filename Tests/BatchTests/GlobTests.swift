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
