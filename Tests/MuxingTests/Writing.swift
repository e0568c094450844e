import Containers
import Foundation
import LibAV
import Muxing
import SystemPackage
import TestSupport
import Testing
import VideoTypes

/// A stream as it was written, and the positions of its chunks.
struct Written {
    let file: String
    let places: [Range<Int>]
    let sha256: String
}

extension TestStream {
    /// Writes all chunks into a file with a name, or into a pipe whose other end is written to that file.
    func write(
        _ format: OutputFormat,
        toPipe: Bool = false,
        as name: String? = nil,
        suffix: String = "",
        in folder: TemporaryFolder
    ) throws -> Written {
        let file = name ?? "\(UUID().uuidString).\(format.rawValue)"
        guard toPipe else {
            let (places, digest) = try write(format, to: FilePath(folder.file(file).path), suffix: suffix)
            return Written(file: file + suffix, places: places, sha256: digest)
        }
        let path = folder.file("\(file).fifo").path
        #expect(mkfifo(path, 0o600) == 0)
        let reader = Background { try Self.readAll(FilePath(path)) }
        let (places, digest) = try write(format, to: FilePath(path), suffix: "")
        try reader.value().write(to: folder.file(file))
        return Written(file: file, places: places, sha256: digest)
    }

    private static func readAll(_ path: FilePath) throws -> Data {
        let descriptor = try FileDescriptor.open(path, .readOnly)
        return try descriptor.closeAfter {
            var (data, buffer) = (Data(), [UInt8](repeating: 0, count: 1 << 16))
            while case let count = try buffer.withUnsafeMutableBytes({ try descriptor.read(into: $0) }), count > 0 {
                data += buffer[..<count]
            }
            return data
        }
    }

    private func write(
        _ format: OutputFormat,
        to path: FilePath,
        suffix: String
    ) throws -> (places: [Range<Int>], digest: String) {
        try format.check(description)
        let digest = Digest()
        var sink = try ByteSink(
            opening: .path(path),
            overwrite: true,
            temporaries: TemporaryFiles(),
            observe: { digest.update($0) }
        )
        var writer = try writer(format, for: sink)
        var places: [Range<Int>] = []
        for chunk in chunks { places += try writer.write(chunk, to: &sink) }
        places += try writer.end(to: &sink)
        // An index that was put in front has moved them.
        places = places.map { $0.lowerBound + writer.moved..<$0.upperBound + writer.moved }
        if sink.isRewritten {
            digest.restart()
            try sink.readBack { digest.update($0) }
        }
        try sink.checkName()
        try sink.publish(suffix: suffix)
        return (places, digest.text)
    }

    private func writer(_ format: OutputFormat, for sink: borrowing ByteSink) throws -> any ChunkWriter {
        switch format {
        case .annexB, .avcc: StreamWriter(ElementaryFraming())
        case .ivf: StreamWriter(IVFFraming(description))
        case .obu: StreamWriter(LowOverheadFraming())
        case .obuAnnexB: StreamWriter(LengthDelimitedFraming())
        case .mp4, .mov, .mkv, .webm: try ContainerWriter(for: sink, format: format, description: description)
        }
    }
}

/// SHA-256 of what passes.
private final class Digest: @unchecked Sendable {
    // @unchecked: one thread uses it.
    private var digest: SHA256? = SHA256()

    func update(_ bytes: RawSpan) { digest?.update(bytes) }
    func restart() { digest = SHA256() }
    var text: String { digest.take()?.finish() ?? "" }
}
