import Containers
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Files that are published together")
struct PublicationTests {
    private let folder: TemporaryFolder
    private let temporaries = TemporaryFiles()

    init() throws { folder = try TemporaryFolder() }

    private func sink(_ name: String, _ bytes: [UInt8]) throws -> ByteSink {
        var sink = try ByteSink(opening: .path(folder.path(name)), overwrite: true, temporaries: temporaries)
        try sink.write(bytes)
        return sink
    }

    @Test("Files that are published together stay, and replace the old ones")
    func kept() throws {
        try folder.write("old", to: "a")
        let publication = Publication(temporaries)
        try sink("a", [1]).publish(suffix: "", in: publication)
        try sink("b", [2]).publish(suffix: "", in: publication)
        #expect(folder.contents(of: "a") == [1] && folder.contents(of: "b") == [2])
        publication.keep()
        publication.withdraw()
        #expect(folder.names == ["a", "b"])
        #expect(folder.contents(of: "a") == [1])
    }

    @Test("Files that are published together are all removed if one fails, and the old ones are restored")
    func withdrawn() throws {
        try folder.write("old", to: "a")
        let publication = Publication(temporaries)
        try sink("a", [1]).publish(suffix: "", in: publication)
        try sink("b", [2]).publish(suffix: ".partial", in: publication)
        publication.withdraw()
        #expect(folder.names == ["a"])
        #expect(folder.contents(of: "a") == Array("old".utf8))
    }

    @Test("Files that are published together leave nothing when a run is ended between two of them")
    func cutShort() throws {
        try folder.write("old", to: "a")
        let publication = Publication(temporaries)
        try sink("a", [1]).publish(suffix: "", in: publication)
        temporaries.removeAll()
        #expect(folder.names == ["a"])
        #expect(folder.contents(of: "a") == [1])
    }
}
