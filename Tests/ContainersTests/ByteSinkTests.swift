import Containers
import Foundation
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite("A byte sink")
struct ByteSinkTests {
    private let folder: TemporaryFolder
    private let temporaries = TemporaryFiles()

    init() throws { folder = try TemporaryFolder() }

    private func sink(_ name: String = "out", overwrite: Bool = false) throws -> ByteSink {
        try ByteSink(opening: .path(folder.path(name)), overwrite: overwrite, temporaries: temporaries)
    }

    @Test("A byte sink renames a file into place when it is complete, and not before")
    func publish() throws {
        var sink = try sink()
        try sink.write([1, 2, 3])
        try sink.write([])
        try sink.write([4])
        let count = sink.byteCount
        #expect(count == 4)
        #expect(folder.contents(of: "out") == nil)
        // No file has a name that a killed process would leave; if the file system needs one, it is hidden.
        #expect(folder.names.allSatisfy { $0.hasPrefix(".out.") })
        try sink.sync()
        try sink.publish()
        #expect(folder.names == ["out"])
        #expect(folder.contents(of: "out") == [1, 2, 3, 4])
    }

    @Test("A byte sink leaves nothing when it is dropped")
    func dropped() throws {
        do {
            var sink = try sink()
            try sink.write([1, 2, 3])
            #expect(folder.contents(of: "out") == nil)
        }
        #expect(folder.names == [])
    }

    @Test("A byte sink writes a large piece whole")
    func large() throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        var sink = try sink()
        try sink.write(bytes)
        try sink.publish()
        #expect(folder.contents(of: "out") == bytes)
    }

    @Test("A byte sink refuses an existing file, which stays as it was")
    func exists() throws {
        try folder.write("old", to: "out")
        let error = #expect(throws: SinkError.self) { _ = try sink() }
        #expect(error == .exists(folder.path("out")))
        #expect(folder.contents(of: "out") == Array("old".utf8))
        #expect(folder.names == ["out"])
    }

    @Test("A byte sink replaces an existing file only when the new one is whole")
    func overwrite() throws {
        try folder.write("old", to: "out")
        do {
            var sink = try sink(overwrite: true)
            try sink.write([7])
            #expect(folder.contents(of: "out") == Array("old".utf8))
        }
        #expect(folder.contents(of: "out") == Array("old".utf8))
        var sink = try sink(overwrite: true)
        try sink.write([7])
        try sink.publish()
        #expect(folder.contents(of: "out") == [7])
        #expect(folder.names == ["out"])
    }

    @Test("A byte sink does not replace a file that was created meanwhile")
    func race() throws {
        var sink: ByteSink? = try sink()
        try sink?.write([1])
        try folder.write("other", to: "out")
        let error = #expect(throws: SinkError.self) { try sink.take()?.publish() }
        #expect(error == .exists(folder.path("out")))
        #expect(folder.contents(of: "out") == Array("other".utf8))
        #expect(folder.names == ["out"])
    }

    @Test("A byte sink adds a suffix to the name of an incomplete output, and replaces an older one")
    func suffix() throws {
        try folder.write("older", to: "out.partial")
        var sink = try sink()
        try sink.write([9])
        try sink.publish(suffix: ".partial")
        #expect(folder.names == ["out.partial"])
        #expect(folder.contents(of: "out.partial") == [9])
    }

    @Test("A byte sink has its file removed when the run is ended early")
    func removal() throws {
        var sink: ByteSink? = try sink()
        try sink?.write([1])
        temporaries.removeAll()
        #expect(folder.names == [])
        let error = #expect(throws: SinkError.self) { try sink.take()?.publish() }
        #expect(error?.description.hasPrefix("renaming ") == true)
    }

    @Test("A byte sink forgets its temporary file after it is renamed into place")
    func forgets() throws {
        try sink().publish()
        temporaries.removeAll()
        #expect(folder.names == ["out"])
    }

    @Test("A byte sink replaces a file's bytes, also past its end, and reads them back")
    func rewriting() throws {
        let seen = Mutex<[UInt8]>([])
        var sink = try ByteSink(
            opening: .path(folder.path("out")),
            overwrite: false,
            temporaries: temporaries,
            observe: { bytes in seen.withLock { $0 += bytes.withUnsafeBytes { Array($0) } } }
        )
        try sink.write([1, 2, 3, 4])
        let before = (sink.isSeekable, sink.isRewritten)
        #expect(before == (true, false))
        try sink.write([UInt8]([8, 9]).span.bytes, at: 1)
        try sink.write([UInt8]([5, 6]).span.bytes, at: 3)
        try sink.write([7])
        let after = (sink.isRewritten, sink.byteCount)
        #expect(after == (true, 6))
        // An observer gets no more bytes after bytes that it got have been replaced.
        #expect(seen.withLock { $0 } == [1, 2, 3, 4])
        var read: [UInt8] = []
        try sink.readBack { bytes in read += bytes.withUnsafeBytes { Array($0) } }
        #expect(read == [1, 8, 9, 5, 6, 7])
        try sink.publish()
        #expect(folder.contents(of: "out") == read)
    }

    @Test("A byte sink shows an observer every byte of an output that only grows")
    func observer() throws {
        let seen = Mutex<[UInt8]>([])
        var sink = try ByteSink(
            opening: .path(folder.path("out")),
            overwrite: false,
            temporaries: temporaries,
            observe: { bytes in seen.withLock { $0 += bytes.withUnsafeBytes { Array($0) } } }
        )
        try sink.write([1, 2])
        try sink.write([UInt8]([3]).span.bytes, at: 2)
        try sink.publish()
        #expect(seen.withLock { $0 } == [1, 2, 3])
    }

    @Test(
        "A byte sink takes names of up to 255 bytes, in any script, with its temporary names within 255 bytes (fault I6)",
        arguments: ["n", "ñ", "字", "👩‍🚀"]
    )
    func longNames(character: String) throws {
        let name = String(repeating: character, count: 255 / character.utf8.count)
        try sink(name).publish()
        #expect(folder.names == [name])
        try sink(name, overwrite: true).publish(suffix: ".partial")
        #expect(folder.names.count == 2 && folder.names.allSatisfy { $0.utf8.count <= 255 })
        #expect(folder.names.contains { $0.hasSuffix(".partial") && $0.hasPrefix(character) })
        let tooLong = String(repeating: character, count: 256 / character.utf8.count + 1)
        let error = #expect(throws: SinkError.self) { _ = try sink(tooLong) }
        #expect(error == .cannotCreate(folder.path(tooLong), .fileNameTooLong))
    }

    @Test("A byte sink does not write through a link at the name with the suffix")
    func suffixIsLink() throws {
        try folder.write("precious", to: "victim")
        let link = folder.url.appending(path: "out.partial").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "victim")
        #expect(throws: SinkError.self) { try sink().publish(suffix: ".partial") }
        #expect(folder.contents(of: "victim") == Array("precious".utf8))
        #expect(folder.names == ["out.partial", "victim"])
    }

    @Test("A byte sink replaces the target of a link, not the link")
    func link() throws {
        try folder.write("old", to: "target")
        let link = folder.url.appending(path: "out").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
        var sink = try sink(overwrite: true)
        try sink.write([5])
        try sink.publish()
        #expect(folder.contents(of: "target") == [5])
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == "target")
    }

    @Test("A byte sink makes files with the permissions of the process's umask")
    func permissions() throws {
        try folder.write("", to: "model")
        try sink().publish()
        let modes = try ["model", "out"].map {
            try FileManager.default.attributesOfItem(atPath: folder.path($0).string)[.posixPermissions] as? Int
        }
        #expect(modes[0] == modes[1])
    }

    @Test("A byte sink reports why it cannot create a file, with the requested name")
    func cannotCreate() throws {
        let missing = folder.path("no").appending("out")
        let error = #expect(throws: SinkError.self) {
            _ = try ByteSink(opening: .path(missing), overwrite: false, temporaries: temporaries)
        }
        #expect(error == .cannotCreate(missing, .noSuchFileOrDirectory))
        let isFolder = #expect(throws: SinkError.self) {
            _ = try ByteSink(opening: .path(folder.path("")), overwrite: true, temporaries: temporaries)
        }
        guard case .cannotCreate(_, .isDirectory)? = isFolder else {
            Issue.record("\(isFolder.map { "\($0)" } ?? "nothing")")
            return
        }
    }
}
