import Containers
import Foundation
import LibAV
import SystemPackage
import TestSupport
import Testing
import VideoTypes

/// A stream as it was written, and where its chunks stand.
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
        let sink = try ByteSink(
            opening: .path(path),
            overwrite: true,
            temporaries: TemporaryFiles(),
            observe: { digest.update($0) }
        )
        switch format {
        case .annexB, .avcc: return (try write(StreamWriter(sink, ElementaryFraming()), digest, suffix), digest.text)
        case .ivf: return (try write(StreamWriter(sink, IVFFraming(description)), digest, suffix), digest.text)
        case .obu: return (try write(StreamWriter(sink, LowOverheadFraming()), digest, suffix), digest.text)
        case .obuAnnexB: return (try write(StreamWriter(sink, LengthDelimitedFraming()), digest, suffix), digest.text)
        case .mp4, .mkv, .webm:
            let writer = try ContainerWriter(sink, format: format, description: description)
            return (try write(writer, digest, suffix), digest.text)
        }
    }

    private func write<Writer: ChunkWriter & ~Copyable>(
        _ writer: consuming Writer,
        _ digest: Digest,
        _ suffix: String
    ) throws -> [Range<Int>] {
        var places: [Range<Int>] = []
        for chunk in chunks { places += try writer.write(chunk) }
        places += try writer.end()
        if writer.isRewritten {
            digest.restart()
            try writer.readBack { digest.update($0) }
        }
        try writer.sync()
        try writer.checkName()
        try writer.finish(suffix: suffix, in: Publication(TemporaryFiles()))
        return places
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
