import Foundation
import Testing

/// Damage in files of codecs that Sluice does not encode.
@Suite("Damage in sources of other codecs")
struct SourceDamageTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A file, and how ffmpeg makes it.
    struct File: CustomTestStringConvertible, Sendable {
        let name: String
        let encode: String
        var testDescription: String { name }
    }

    private func make(_ file: File, frames: Int = 5) throws -> [UInt8] {
        try folder.make(file.name, file.encode, size: "128x96", frames: frames)
        return try folder.bytes(file.name)
    }

    @Test(
        "Damage that a decoder tells in its log alone, while it returns an old picture, is an error",
        arguments: [
            File(name: "in.gif", encode: ""), File(name: "in.flv", encode: "-c:v flashsv"),
            File(name: "in.avi", encode: "-c:v zmbv"),
        ]
    )
    func logged(file: File) throws {
        var bytes = try make(file)
        #expect(try folder.decodedFrames(file.name).hashes.count == 5)
        let middle = bytes.count / 2
        bytes.replaceSubrange(middle..<middle + 64, with: [UInt8](repeating: 0x55, count: 64))
        try folder.write(bytes, to: file.name)
        try folder.fail("sluice \(file.name) -o out.mp4", status: 65, saying: "is damaged")
        #expect(!folder.exists("out.mp4"))
        let intact = try folder.succeed("sluice decode \(file.name) --accept-partial --format framehash -o -").lines
        #expect(intact.filter { !$0.hasPrefix("#") }.count < 5)
    }

    @Test("A stream of MPEG-4 or H.261 that does not begin with a key picture is not damaged by it")
    func noKeyPicture() throws {
        try folder.make("in.avi", "-c:v h261", size: "176x144", frames: 5)
        #expect(try folder.decodedFrames("in.avi").hashes.count == 5)
    }

    /// Writes the first bytes of a file, and checks that they are called truncated, from a file and from a pipe.
    private func expectTruncation(_ bytes: ArraySlice<UInt8>, _ name: String) throws {
        try folder.write(Array(bytes), to: "cut-\(name)")
        for command in ["sluice cut-\(name) -o out.mp4", "cat cut-\(name) | sluice - -o out.mp4"] {
            let failure = try folder.fail(command, status: 65)
            #expect(failure.errors.contains("damaged"), "\(command), \(bytes.count) bytes: \(failure.errors)")
            #expect(!folder.exists("out.mp4"))
        }
    }

    /// Checks that a file is read to its end without a word about damage, from a file and from a pipe.
    private func expectIntact(_ name: String, frames: Int) throws {
        let own = try folder.decodedFrames(name)
        #expect(own.hashes.count == frames)
        #expect(!own.errors.contains("missing"))
        let lines = try folder.succeed("cat \(name) | sluice decode - --format framehash -o -").lines
        #expect(lines.filter { !$0.hasPrefix("#") }.count == frames)
    }

    @Test("A GIF that ends before its trailer is truncated, wherever it ends")
    func gif() throws {
        let bytes = try make(File(name: "in.gif", encode: ""))
        try expectIntact("in.gif", frames: 5)
        for missing in [1, 2, 100, 1000, bytes.count / 2] { try expectTruncation(bytes.dropLast(missing), "in.gif") }
    }

    @Test("An Ogg file that ends within a page, or before the last page of its stream, is truncated")
    func ogg() throws {
        let bytes = try make(File(name: "in.ogv", encode: "-c:v libtheora"), frames: 60)
        try expectIntact("in.ogv", frames: 60)
        let page = try #require(bytes.indices.last { bytes[$0...].starts(with: Array("OggS".utf8)) })
        for length in [bytes.count - 1, bytes.count - 100, page + 20, page, bytes.count / 2] {
            try expectTruncation(bytes.prefix(length), "in.ogv")
        }
    }

    @Test("A page of Ogg with a wrong checksum is damage, also where it is read while the file is opened")
    func checksum() throws {
        let bytes = try make(File(name: "in.ogv", encode: "-c:v libtheora"), frames: 60)
        for place in [60, bytes.count * 8 / 100, bytes.count / 2] {
            var damaged = bytes
            damaged[place] ^= 0x55
            try folder.write(damaged, to: "damaged.ogv")
            let failure = try folder.fail("sluice damaged.ogv -o out.mp4", status: 65)
            #expect(failure.errors.contains("damaged"))
        }
    }

    @Test("A DV stream that ends within a frame is truncated, and only the complete frames are kept")
    func dv() throws {
        try folder.make("in.dv", "-c:v dvvideo -pix_fmt yuv420p", size: "720x576", frames: 5)
        let bytes = try folder.bytes("in.dv")
        try expectIntact("in.dv", frames: 5)
        for length in [bytes.count - 100_000, bytes.count - 1, 360_000, 576_100] {
            try expectTruncation(bytes.prefix(length), "in.dv")
        }
        try folder.write(Array(bytes.dropLast(100_000)), to: "cut.dv")
        for command in ["sluice cut.dv -o out.mp4", "cat cut.dv | sluice - -o out.mp4 --overwrite"] {
            try folder.succeed("\(command) --accept-partial")
            #expect(try folder.frameCount("out.mp4") == 4)
        }
    }

    @Test("A bare stream of VC-2 that ends before the end of its sequence is truncated")
    func dirac() throws {
        let bytes = try make(File(name: "in.drc", encode: "-c:v vc2"))
        try expectIntact("in.drc", frames: 5)
        for missing in [1, 13, 1000] { try expectTruncation(bytes.dropLast(missing), "in.drc") }
    }

    @Test("An MXF file that ends before its footer is truncated, wherever it ends")
    func mxf() throws {
        let bytes = try make(File(name: "in.mxf", encode: "-c:v mpeg2video"), frames: 30)
        try expectIntact("in.mxf", frames: 30)
        for length in stride(from: 20_000, to: 90_000, by: 6500) + [41_487] where length < bytes.count {
            try expectTruncation(bytes.prefix(length), "in.mxf")
        }
        // Its header was written before anything was known, and is open.
        try folder.succeed("ffmpeg -v error -i in.mxf -c copy -f mxf - | cat > piped.mxf")
        try expectIntact("piped.mxf", frames: 30)
    }

    @Test("DNxHD in MXF that comes by pipe is read, though its index cannot be")
    func dnxhdByPipe() throws {
        try folder.make("in.mxf", "-c:v dnxhd -profile:v dnxhr_hq -pix_fmt yuv422p", size: "256x128", frames: 25)
        let own = try folder.succeed("cat in.mxf | sluice decode - --format framehash -o -").lines
        #expect(own.filter { !$0.hasPrefix("#") }.count == 25)
        #expect(try folder.decodedFrames("in.mxf").hashes == folder.sha256OfFrames("in.mxf"))
        try folder.succeed("cat in.mxf | sluice decode - -o piped.raw --format raw")
        #expect(try folder.bytes("piped.raw") == folder.decode("in.mxf", "yuv422p"))
    }

    @Test(
        "Frames of a bare stream follow each other at the stream's rate",
        arguments: [
            File(name: "in.drc", encode: "-c:v vc2"), File(name: "in.m1v", encode: "-c:v mpeg1video -bf 2"),
            File(name: "in.m2v", encode: "-c:v mpeg2video -bf 2"),
        ]
    )
    func bareTimes(file: File) throws {
        _ = try make(file, frames: 12)
        for container in ["mp4", "mkv"] {
            let told = try folder.succeed("sluice \(file.name) -o out.\(container)").errors
            #expect(!told.contains("missing"))
            let times = "-show_entries frame=pts_time -of csv=p=0 out.\(container)"
            let shown = try folder.succeed("ffprobe -v error \(times)").lines.compactMap {
                Double($0.trimmingCharacters(in: CharacterSet(charactersIn: ", ")))
            }
            #expect(shown.map { Int(($0 * 1000).rounded()) } == (0..<12).map { $0 * 40 })
        }
    }

    @Test("An audio file with a cover is refused: a cover is no video")
    func cover() throws {
        try folder.succeed("ffmpeg -v error -f lavfi -i color=red:s=64x64 -frames:v 1 -y c.jpg")
        let streams = "-map 0 -map 1 -c:a aac -c:v copy -disposition:v attached_pic"
        try folder.succeed("ffmpeg -v error -f lavfi -i sine=d=1 -i c.jpg \(streams) a.m4a")
        let failure = try folder.fail("sluice a.m4a -o out.mp4", status: 69)
        #expect(failure.errors.contains("no video stream"))
        #expect(failure.errors.contains("cover picture"))
    }
}
