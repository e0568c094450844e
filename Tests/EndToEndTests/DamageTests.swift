import Foundation
import Testing

/// Streams of 25 pictures of 96x64 by ffmpeg, and what can happen to them.
struct DamagedStream: CustomTestStringConvertible, Sendable {
    let codec: String
    let container: String
    var flags = ""
    var size = "96x64"
    var testDescription: String { "\(codec) in \(container)\(flags.isEmpty ? "" : ", \(flags)")" }

    private static let encoders = [
        "h264": "libx264 -preset veryfast -bf 0 -refs 1", "hevc": "libx265 -preset ultrafast",
        "vp8": "libvpx -b:v 300k -cpu-used 8 -deadline good", "vp9": "libvpx-vp9 -b:v 300k -cpu-used 8 -deadline good",
        "av1": "libaom-av1 -cpu-used 8 -b:v 300k -lag-in-frames 0",
    ]
    private static let usual = ["hevc": "-x265-params log-level=error:bframes=0:ref=1"]

    static let threeSlices = "-x265-params log-level=error:slices=3:ctu=16:min-cu-size=8:bframes=0"

    static let containers = [
        "h264": ["h264", "mp4", "mkv", "ts", "flv", "avi"], "hevc": ["hevc", "mp4", "mkv", "ts"],
        "vp8": ["ivf", "mkv", "webm"], "vp9": ["ivf", "mp4", "mkv", "webm"],
        "av1": ["ivf", "obu", "mp4", "mkv", "webm"],
    ]
    static let all = containers.sorted { $0.key < $1.key }.flatMap { codec, containers in
        containers.map { DamagedStream(codec: codec, container: $0) }
    }

    var file: String { "in.\(container)" }
    var hasNALUnits: Bool { ["h264", "hevc"].contains(codec) }
    /// The flags for formats without a rate.
    var rate: String { container == "obu" ? "-r 25" : "" }

    func make(in folder: TemporaryFolder) throws {
        let source = "-f lavfi -i testsrc2=s=\(size):r=25:d=1 -pix_fmt yuv420p"
        let encoder = "-c:v \(Self.encoders[codec] ?? "") \(flags.isEmpty ? Self.usual[codec] ?? "" : flags)"
        try folder.succeed("ffmpeg -v error -y \(source) \(encoder) \(file)")
    }

    /// The stream without one of its packets.
    func dropping(_ packet: Int, in folder: TemporaryFolder) throws -> String {
        let name = "drop\(packet).\(container)"
        try folder.succeed("ffmpeg -v error -y -i \(file) -c copy -bsf:v \"noise=drop='eq(n,\(packet))'\" \(name)")
        return name
    }

    /// An Annex B stream without one of its slices, in the same container.
    func droppingSlice(_ number: Int, in folder: TemporaryFolder) throws -> String {
        try folder.succeed("ffmpeg -v error -y -i \(file) -c copy -f \(codec) whole.\(codec)")
        var units = AnnexB(try folder.bytes("whole.\(codec)")).units
        let slices = units.indices.filter { Self.isSlice(units[$0], codec) }
        units.remove(at: slices[number])
        try folder.write(units.flatMap { [0, 0, 0, 1] + $0 }, to: "slice.\(codec)")
        guard container != codec else { return "slice.\(codec)" }
        try folder.succeed("ffmpeg -v error -y -r 25 -i slice.\(codec) -c copy slice.\(container)")
        return "slice.\(container)"
    }

    static func isSlice(_ unit: ArraySlice<UInt8>, _ codec: String) -> Bool {
        guard let first = unit.first else { return false }
        return codec == "h264" ? [1, 5].contains(first & 0x1F) : first >> 1 < 32
    }
}

extension TemporaryFolder {
    /// The SHA-256 of each frame as ffmpeg decodes it, whatever it complains of.
    func framesOfOthers(_ name: String) throws -> [String] {
        let script = "ffmpeg -v error -i \(name) -fps_mode passthrough -f framehash -hash sha256 -"
        return Self.hashes(try succeed(script).text)
    }

    static func hashes(_ text: String) -> [String] {
        text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            (line.split(separator: ",").last ?? "").trimmingCharacters(in: .whitespaces)
        }
    }

    /// Changes the type of the units of a packet, so that it holds no picture.
    fileprivate func blank(_ name: String, packet: Int, codec: String) throws -> String {
        let list = "ffprobe -v error -select_streams v -show_entries packet=pos,size -of csv=p=0 \(name)"
        let fields = try succeed(list).text.split(separator: "\n")[packet].split(separator: ",").compactMap { Int($0) }
        // ffprobe writes the size first.
        let (size, start) = (fields[0], fields[1])
        var bytes = try bytes(name)
        if codec == "av1" {
            bytes[start] = 15 << 3 | 2
        } else {
            var place = start
            while place + 4 < start + size {
                let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
                bytes[place + 4] = codec == "hevc" ? 38 << 1 : bytes[place + 4] & 0xE0 | 12
                place += 4 + length
            }
        }
        try write(bytes, to: "blank.mp4")
        return "blank.mp4"
    }
}

@Suite("A damaged stream")
struct DamageTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Decoding and encoding fail, and with `--accept-partial` keep only frames of the undamaged stream and report the loss.
    private func expectDamage(_ name: String, _ stream: DamagedStream, saying words: String = "is damaged") throws {
        let whole = try folder.framesOfOthers(stream.file)
        try folder.fail("sluice decode \(name) \(stream.rate) -o x.yuv", status: 65, saying: words)
        let encode = "sluice encode \(name) \(stream.rate) --input-format media --preset ultrafast"
        try folder.fail("\(encode) -o x.mp4", status: 65, saying: words)
        try folder.fail("\(encode) --verify -o x.mp4", status: 65, saying: words)
        #expect(!folder.exists("x.yuv") && !folder.exists("x.mp4"))
        let partial = "sluice decode \(name) \(stream.rate) --accept-partial --format framehash -o - --quiet"
        let outcome = try folder.run(partial)
        guard outcome.ending == .exited(0) else {
            #expect(outcome.ending == .exited(65), "\(name): \(outcome.errors)")
            return
        }
        let kept = TemporaryFolder.hashes(outcome.text)
        #expect(kept.allSatisfy { whole.contains($0) }, "\(name): what is kept is whole")
        let receipt = try folder.succeed(
            "sluice decode \(name) \(stream.rate) --accept-partial --json --format framehash -o x --overwrite"
        )
        #expect(receipt.text.contains(#""status":"partial""#) && receipt.text.contains(#""loss":"#), "\(name)")
    }

    @Test(
        "A damaged stream without a picture that others refer to is 65, and names it (faults D1 and D2)",
        .mustEnd,
        arguments: DamagedStream.all.filter(\.hasNALUnits)
    )
    func missingReference(stream: DamagedStream) throws {
        try stream.make(in: folder)
        // AVI has an empty packet for a frame that is not there.
        let missing = stream.codec == "h264" ? "frame_num goes from" : "which is missing"
        let words = stream.container == "avi" ? "is damaged" : missing
        try expectDamage(try stream.dropping(19, in: folder), stream, saying: words)
        try expectDamage(try stream.dropping(3, in: folder), stream, saying: words)
    }

    private static let sliced: [DamagedStream] = {
        let avc: [DamagedStream] = ["h264", "mp4", "mkv", "ts"].map {
            DamagedStream(codec: "h264", container: $0, flags: "-x264-params slices=4")
        }
        let hevc: [DamagedStream] = ["hevc", "mp4", "mkv", "ts"].map {
            DamagedStream(codec: "hevc", container: $0, flags: DamagedStream.threeSlices)
        }
        return avc + hevc
    }()

    @Test(
        "A damaged stream without one slice of a picture is 65: the first, one in the middle, the last (fault D3)",
        .mustEnd,
        arguments: sliced
    )
    func missingSlice(stream: DamagedStream) throws {
        try stream.make(in: folder)
        let count = stream.codec == "h264" ? 4 : 3
        for slice in 0..<count {
            let name = try stream.droppingSlice(10 * count + slice, in: folder)
            let outcome = try folder.run("sluice decode \(name) -o x.yuv --overwrite")
            #expect(outcome.ending == .exited(65), "slice \(slice): \(outcome.errors)")
        }
        try expectDamage(try stream.droppingSlice(25 * count - 1, in: folder), stream)
    }

    @Test(
        "A damaged stream with a sample that holds no picture is 65 (fault D4)",
        .mustEnd,
        arguments: ["h264", "hevc", "av1"]
    )
    func blank(codec: String) throws {
        let stream = DamagedStream(codec: codec, container: "mp4")
        try stream.make(in: folder)
        for packet in [5, 24] {
            try expectDamage(
                try folder.blank(stream.file, packet: packet, codec: codec),
                stream,
                // libavformat's parser reports it first.
                saying: codec == "h264" ? "missing picture" : "without a picture"
            )
        }
    }

    @Test(
        "A damaged stream with empty frames in IVF, or zeros after the last, is 65 (fault D4)",
        .mustEnd,
        arguments: ["vp8", "vp9", "av1"]
    )
    func emptyFrames(codec: String) throws {
        let stream = DamagedStream(codec: codec, container: "ivf")
        try stream.make(in: folder)
        let bytes = try folder.bytes(stream.file)
        try folder.write(bytes + [UInt8](repeating: 0, count: 120), to: "tail.ivf")
        try expectDamage("tail.ivf", stream)
        var (place, frames) = (32, [ArraySlice<UInt8>]())
        while place < bytes.count {
            let size = (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
            frames.append(bytes[place..<place + 12 + size])
            place += 12 + size
        }
        for empty in [5, frames.count - 1] {
            var emptied = frames
            emptied[empty] = [0, 0, 0, 0] + frames[empty].dropFirst(4).prefix(8)
            try folder.write(Array(bytes[..<32]) + emptied.flatMap { $0 }, to: "empty.ivf")
            try expectDamage("empty.ivf", stream)
        }
    }

    @Test(
        "A damaged stream that is cut off within a packet of audio is 65, with and without the audio (fault D5)",
        .mustEnd,
        arguments: ["flv", "ts"]
    )
    func cutAudio(container: String) throws {
        let source = "-f lavfi -i testsrc2=s=96x64:r=25:d=3 -f lavfi -i sine=d=3"
        let encoder = "-pix_fmt yuv420p -c:v libx264 -preset ultrafast -c:a aac -b:a 128k"
        try folder.succeed("ffmpeg -v error -y \(source) \(encoder) in.\(container)")
        let packets = try folder.succeed(
            "ffprobe -v error -select_streams a -show_entries packet=pos -of csv=p=0 in.\(container)"
        ).text.split(separator: "\n").compactMap { Int($0.prefix { $0.isNumber }) }
        // In a transport stream, several share a place, or have none.
        let places = Set(packets).sorted()
        let cut = places[places.count * 2 / 3] + (container == "flv" ? 20 : 94)
        try folder.succeed("head -c \(cut) in.\(container) > cut.\(container)")
        for script in [
            "sluice decode cut.\(container) -o x.yuv", "cat cut.\(container) | sluice decode - -o x.yuv",
            "sluice encode cut.\(container) -o x.mp4", "sluice encode cut.\(container) --copy-audio -o x.mp4",
        ] {
            try folder.fail(script, status: 65)
            #expect(!folder.exists("x.yuv") && !folder.exists("x.mp4"))
        }
    }

    @Test(
        "A damaged stream that is cut off within the header of an FLV tag is 65, and between two tags a notice (fault D5)",
        .mustEnd
    )
    func cutFLV() throws {
        let stream = DamagedStream(codec: "h264", container: "flv")
        try stream.make(in: folder)
        let places = try folder.succeed("ffprobe -v error -show_entries packet=pos -of csv=p=0 in.flv").lines
            .compactMap { Int($0.prefix { $0.isNumber }) }
        let place = places[20]
        for (count, bytes) in [(1, place + 1), (7, place + 7), (14, place + 14)] {
            try folder.succeed("head -c \(bytes) in.flv > cut.flv")
            try expectDamage("cut.flv", stream, saying: "its last tag has \(count) of")
            try folder.fail(
                "cat cut.flv | sluice decode - -o x.yuv",
                status: 65,
                saying: "its last tag has \(count) of"
            )
        }
        try folder.succeed("head -c \(place) in.flv > cut.flv")
        for script in ["sluice decode cut.flv -o x.yuv", "cat cut.flv | sluice encode - -o x.mp4 --overwrite"] {
            let outcome = try folder.succeed(script)
            #expect(outcome.errors.contains("frames may be missing: it has \(place) of the"))
        }
    }

    @Test(
        "A damaged short Matroska file without its end is partial if that is accepted (fault D)",
        .mustEnd
    )
    func cutShortFile() throws {
        // The whole file is read before the first packet is requested, so libavformat's messages about the end are lost.
        let stream = DamagedStream(codec: "h264", container: "mkv", size: "64x48")
        try stream.make(in: folder)
        let places = try folder.succeed("ffprobe -v error -show_entries packet=pos -of csv=p=0 in.mkv").lines
            .compactMap { Int($0.prefix { $0.isNumber }) }
        try folder.succeed("head -c \(places[7]) in.mkv > cut.mkv")
        try expectDamage("cut.mkv", stream)
        let outcome = try folder.succeed("sluice decode cut.mkv --accept-partial --json -o x.yuv --overwrite")
        #expect(outcome.text.contains(#""status":"partial""#))
    }

    @Test(
        "A damaged stream with a frame of VP8 that lacks its end is 65 (fault D)",
        .mustEnd,
        arguments: [10, 24],
        [2, 40, 200]
    )
    func cutVP8(number: Int, lacking: Int) throws {
        let stream = DamagedStream(codec: "vp8", container: "ivf")
        try stream.make(in: folder)
        let bytes = try folder.bytes(stream.file)
        var (place, frames) = (32, [[UInt8]]())
        while place < bytes.count {
            let size = (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
            frames.append(Array(bytes[place..<place + 12 + size]))
            place += 12 + size
        }
        try #require(frames[number].count > lacking + 40)
        frames[number].removeLast(lacking)
        let size = frames[number].count - 12
        frames[number].replaceSubrange(0..<2, with: [UInt8(size & 255), UInt8(size >> 8)])
        try folder.write(Array(bytes[..<32]) + frames.flatMap { $0 }, to: "cut.ivf")
        try expectDamage("cut.ivf", stream, saying: "the chunk at \(number * 40000) µs is truncated")
    }
}
