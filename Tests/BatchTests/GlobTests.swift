import Testing

@testable import Batch

@Suite("A pattern for file names")
struct GlobTests {
    @Test(
        "matches as a shell's does",
        arguments: [
            ("*.y4m", "a.y4m", true), ("*.y4m", ".y4m", false), (".*", ".a", true), ("a?c", "abc", true),
            ("a?c", "ac", false), ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[!a-c]x", "dx", true),
            ("*a*b*c*", "xxaxxbxxcxx", true), ("*a*b*c*", "xxaxxcxxbxx", false), ("a[", "a[", true), ("", "a", false),
            ("*", "", true), ("**", "abc", true),
        ]
    )
    func matches(pattern: String, name: String, expected: Bool) {
        #expect(GlobPattern.matches(Array(pattern), name) == expected)
    }

    @Test("takes no time to find out that a name does not match")
    func quick() {
        let pattern = Array(String(repeating: "*a", count: 60) + "b")
        #expect(!GlobPattern.matches(pattern, String(repeating: "a", count: 4000)))
    }

    @Test("goes down into folders, sorted, and stops where there are too many")
    func folders() {
        let tree: [String: [(name: String, isFolder: Bool)]] = [
            "": [("b", true), ("a", true), ("x.yuv", false), (".git", true)],
            "a": [("1.yuv", false), ("c", true)], "a/c": [("2.yuv", false), ("n.txt", false)], "b": [("3.yuv", false)],
            ".git": [("4.yuv", false)],
        ]
        func files(_ pattern: String, limit: Int = 100) -> [String] {
            GlobPattern(pattern).files(limit: limit) { tree[$0] ?? [] }
        }
        #expect(files("*/*.yuv") == ["a/1.yuv", "b/3.yuv"])
        #expect(files("**/*.yuv") == ["a/1.yuv", "a/c/2.yuv", "b/3.yuv", "x.yuv"])
        #expect(files("a/**/*.yuv") == ["a/1.yuv", "a/c/2.yuv"])
        #expect(files("**/*.yuv", limit: 2).count <= 3)
    }
}
