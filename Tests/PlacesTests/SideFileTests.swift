import Foundation
import Places
import SystemPackage
import TestSupport
import Testing

@Suite("Files next to an output")
struct SideFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func place(_ name: String) throws -> NamedPlace { try NamedPlace(folder.path(name)) }

    private func name(_ text: String, _ suffix: String) -> String {
        SideFiles.name(FileName(text.utf8), suffix: suffix).spelled
    }

    @Test(
        "A file next to an output has the output's name and a suffix, within 255 bytes, and unique for each output (fault I6)"
    )
    func names() {
        #expect(name("out.mp4", ".partial") == "out.mp4.partial")
        #expect(SideFiles.hidden(FileName("out.mp4".utf8), suffix: ".batch").spelled == ".out.mp4.batch")
        let long = String(repeating: "ö", count: 120)
        let (first, second) = (name("\(long)aaaaaaaa", ".receipt.json"), name("\(long)aaaaaaab", ".receipt.json"))
        #expect(first != second && first.utf8.count <= 255 && first.hasPrefix("öö") && first.hasSuffix(".receipt.json"))
        #expect(first == name("\(long)aaaaaaaa", ".receipt.json"))
        #expect(!first.contains("\u{FFFD}"))
        #expect(SideFiles.path("a/b/out.mp4", suffix: ".partial") == "a/b/out.mp4.partial")
    }

    @Test("Only the temporary files of killed processes are removed next to an output (faults M3 and I8)")
    func stale() throws {
        let place = try place("a.mp4")
        let (left, held) = (SideFiles.temporary(of: place), SideFiles.temporary(of: place))
        try place.sibling(left).create().close()
        let holder = try UnnamedFileTests.named(place.sibling(held))
        let others = [".a.mp4.mine.sluice", ".a.mp4.\(String(repeating: "0", count: 32)).sluice", "a.mp4"]
        for name in others { try folder.write("precious", to: name) }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path(SideFiles.temporary(of: place).spelled).string,
            withDestinationPath: "a.mp4"
        )
        #expect(folder.names.count == 6)
        SideFiles.removeStale(of: place)
        #expect(folder.names.count == 5 && !folder.names.contains(left.spelled))
        try holder.close()
        SideFiles.removeStale(of: place)
        // The link is not the temporary file of a killed process.
        #expect(folder.names.count == 4 && others.allSatisfy { folder.contents(of: $0) == Array("precious".utf8) })
    }
}

enum UnnamedFileTests {
    /// A file that is locked as one that is being written is.
    static func named(_ place: NamedPlace) throws -> FileDescriptor {
        let file = try place.create()
        #expect(flock(file.rawValue, LOCK_EX | LOCK_NB) == 0)
        return file
    }
}
