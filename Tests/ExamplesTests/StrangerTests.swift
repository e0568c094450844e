import Foundation
import TestSupport
import Testing

/// A program of another package, which sees no more of the library than what it exports.
@Suite("A stranger's program", .timeLimit(.minutes(60)))
struct StrangerTests {
    @Test(
        "A stranger's program compiles with import Sluice alone, and encodes, decodes and fails as documented (faults H1, H4, H6 and H8)"
    )
    func program() throws {
        let folder = try TemporaryFolder()
        try build(in: folder)
        let lines = try folder.run(folder.url.appending(path: "stranger").path, arguments: []).split(separator: "\n")
            .map(String.init)
        #expect(lines.count == 5, "\(lines)")
        #expect(lines.first?.hasPrefix("literals: 30000/1001 2:1 avc1.") == true, "\(lines)")
        #expect(
            lines.dropFirst() == [
                "encoded: 8, shown at 128x48", "decoded: 8, as they were", "group: ended", "refused: true true",
            ]
        )
    }

    @Test(
        "A stranger's program sees none of the libraries inside Sluice (fault H8)",
        arguments: ["Errno", "BoundedQueue<Int>", "LogHandler"]
    )
    func noForeignNames(_ name: String) throws {
        let folder = try TemporaryFolder()
        try Data("import Sluice\nfunc use(_ value: (any Sendable).Type) {}\nuse(\(name).self)\n".utf8)
            .write(to: folder.url.appending(path: "main.swift"))
        #expect(throws: Failed.self) { try folder.run("swiftc", arguments: ["-typecheck", "main.swift"] + search) }
        try Data("import Sluice\nlet size: PictureSize? = nil\n_ = size\n".utf8)
            .write(to: folder.url.appending(path: "main.swift"))
        try folder.run("swiftc", arguments: ["-typecheck", "main.swift"] + search)
    }

    /// Where the compiler finds the modules that the tests were built with.
    private var search: [String] {
        let products = Repository.products.path
        let own = ["CPosix", "CPixels"].map { "\(products)/\($0).build/module.modulemap" }
        let maps = (systemMaps + own + foreignMaps).flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
        return ["-swift-version", "6", "-I", "\(products)/Modules"] + maps
    }

    /// The module maps of the system's libraries: one in each folder of such a module.
    private var systemMaps: [String] {
        let sources = Repository.root + "/Sources"
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: sources)) ?? []
        return folders.map { "\(sources)/\($0)/module.modulemap" }.filter(FileManager.default.fileExists).sorted()
    }

    /// The module maps of the packages that Sluice depends on.
    private var foreignMaps: [String] {
        let checkouts = Repository.products.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "checkouts")
        let files = FileManager.default.enumerator(at: checkouts, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).map(\.path)
            .filter { $0.hasSuffix("/include/module.modulemap") && $0.contains("/Sources/") }.sorted()
    }

    /// Links the program with the objects of an example, which is made of the library and one file of its own.
    private func build(in folder: TemporaryFolder) throws {
        let list = Repository.products.appending(path: "encode-in-process.product/Objects.LinkFileList")
        let objects = try String(contentsOf: list, encoding: .utf8).split(separator: "\n").map(String.init)
            .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "'\"")) }
            .filter { !$0.contains("/encode_in_process.build/") }
        let libraries = try systemMaps.flatMap {
            try String(contentsOfFile: $0, encoding: .utf8).matches(of: /link "(\w+)"/)
        }
        .map { "-l\($0.1)" }
        let source = "\(Repository.root)/Tests/Stranger/Sources/Stranger.swift"
        let options = ["-parse-as-library", "-o", "stranger", source]
        try folder.run("swiftc", arguments: options + search + objects + libraries)
    }
}
