import Foundation
import Testing

/// Files as other programs write them, and what becomes of what is in them beside the pictures.
@Suite("Files of other writers")
struct ForeignContainerTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func make(
        _ file: String,
        _ encode: String = ForeignFiles.x264,
        size: String = "96x64",
        frames: Int = 20
    ) throws {
        try folder.make(file, encode, size: size, frames: frames)
    }

    @Test(
        "Sluice detects a container without an input type (fault K5)",
        .mustEnd,
        arguments: ["m2ts", "mts", "nut", "mxf"]
    )
    func recognized(container: String) throws {
        try make("in.\(container)", "\(ForeignFiles.x264) -bf 2")
        try folder.succeed("mv in.\(container) in.bin && sluice encode in.bin --preset ultrafast -o out.mp4")
        #expect(try folder.sha256OfFrames("out.mp4").count == 20)
    }

    @Test("Sluice runs a job of a container that begins with another PID (fault K5)", .mustEnd)
    func batch() throws {
        try make("in.ts", "\(ForeignFiles.x264) -mpegts_flags nit")
        let bytes = try folder.bytes("in.ts")
        let packets = stride(from: 0, to: bytes.count, by: 188).map { Array(bytes[$0..<$0 + 188]) }
        let program = try #require(packets.firstIndex { $0[1] & 0x1F == 0x10 })
        try folder.write([packets[program], packets[program], packets[program]].joined() + bytes, to: "in.ts")
        try folder.write(Array("jobs: [{input: in.ts, output: out.mp4, preset: ultrafast}]".utf8), to: "m.yaml")
        #expect(try folder.batch("m.yaml").statuses == ["done"])
        #expect(try folder.sha256OfFrames("out.mp4").count == 20)
    }

    @Test("Sluice makes one frame of two fields that are separate pictures", .mustEnd, arguments: ["h264", "avi"])
    func fields(container: String) throws {
        try folder.write(FieldStream.bytes(frames: 20), to: "in.h264")
        if container == "avi" { try folder.succeed("ffmpeg -v error -y -r 25 -i in.h264 -c copy in.avi") }
        let expected = try folder.sha256OfFrames("in.\(container)")
        let decoded = try folder.decodedFrames("in.\(container)")
        #expect(decoded.hashes == expected && expected.count == 20)
    }

    @Test("Sluice reads H.264 whose pictures count in a cycle (fault K6)", .mustEnd)
    func orderCycle() throws {
        try make("in.h264", "\(ForeignFiles.x264) -bf 0")
        let units = AnnexB(try folder.bytes("in.h264")).units.map {
            AnnexB.type($0) == 7 ? ForeignAVC.rewriting($0, keepsVUI: true, cycle: true)[...] : $0
        }
        try folder.write(ForeignAVC.stream(units), to: "cycle.h264")
        #expect(try folder.headers("cycle.h264").sequenceParameters?.values["pic_order_cnt_type"] == 1)
        let expected = try folder.sha256OfFrames("in.h264")
        #expect(try folder.decodedFrames("cycle.h264").hashes == expected && expected.count == 20)
    }

    @Test(
        "Sluice keeps every sample of 4:4:0 and of gray of more than 8 bits (fault K6)",
        .mustEnd,
        arguments: [
            ("libvpx-vp9 -lossless 1 -pix_fmt yuv440p", "i444", "yuv440p"),
            ("libx264 -qp 0 -pix_fmt gray10le", "i420p10", "gray10le"),
        ]
    )
    func expandedFormats(encode: String, format: String, own: String) throws {
        try make("in.mkv", "-c:v \(encode)", frames: 3)
        try folder.succeed("sluice decode in.mkv -o out.\(format)")
        let luma = try folder.succeed("ffmpeg -v error -i in.mkv -pix_fmt \(own) -f rawvideo -").output
        let ours = try folder.bytes("out.\(format)")
        let plane = 96 * 64 * (own == "gray10le" ? 2 : 1)
        #expect(Array(luma.prefix(plane)) == Array(ours.prefix(plane)))
        guard own == "yuv440p" else { return }
        // Each row of chroma is there twice.
        for row in 0..<64 {
            let (wide, halved) = (plane + row * 96, plane + row / 2 * 96)
            #expect(Array(ours[wide..<wide + 96]) == Array(luma[halved..<halved + 96]))
        }
    }

    @Test(
        "Sluice reads IVF whose header counts other frames, and reports so (fault K6)",
        .mustEnd,
        arguments: [0, 7, 900]
    )
    func ivfCount(count: Int) throws {
        try make("in.ivf", "-pix_fmt yuv420p -c:v libvpx -cpu-used 8")
        let expected = try folder.sha256OfFrames("in.ivf")
        var bytes = try folder.bytes("in.ivf")
        bytes.replaceSubrange(24..<28, with: [UInt8(count & 255), UInt8(count >> 8), 0, 0])
        try folder.write(bytes, to: "in.ivf")
        let decoded = try folder.decodedFrames("in.ivf")
        #expect(decoded.hashes == expected && expected.count == 20)
        #expect(decoded.errors.contains("header has a frame count of \(count)") == (count != 0))
    }

    @Test(
        "Sluice reads Y4M that is interlaced or has no aspect (fault K6)",
        .mustEnd,
        arguments: ["It", "Ib", "Im", "A0:1"]
    )
    func y4m(tag: String) throws {
        let frame = "FRAME\n" + String(repeating: "x", count: 384)
        try folder.write(Array("YUV4MPEG2 W16 H16 F30:1 \(tag)\n\(frame)\(frame)".utf8), to: "in.y4m")
        let outcome = try folder.succeed("sluice in.y4m --json -o out.mp4")
        #expect(outcome.errors.contains("interlaced") == tag.hasPrefix("I"))
        #expect(try folder.sha256OfFrames("out.mp4").count == 2)
    }

    @Test("Reading a transport stream that was joined from two continues its clock (fault K7)", .mustEnd)
    func joined() throws {
        let sound = "-f lavfi -i sine=d=0.8"
        let source = "-f lavfi -i testsrc2=size=96x64:rate=25 "
        let encode = "-frames:v 20 -c:a aac \(ForeignFiles.x264) -bf 2"
        try folder.succeed("ffmpeg -v error -y \(source) \(sound) \(encode) in.ts && cat in.ts in.ts > two.ts")
        let outcome = try folder.succeed("sluice encode two.ts --preset ultrafast --copy-audio --json -o out.mp4")
        #expect(outcome.errors.contains("clock restarts once"))
        let expected = try folder.sha256OfFrames("in.ts")
        #expect(try folder.decodedFrames("two.ts").hashes == expected + expected)
        let times = try folder.succeed(
            "ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 out.mp4"
        )
        .lines.compactMap(Double.init).sorted()
        #expect(times.count == 40)
        for (one, next) in zip(times, times.dropFirst()) { #expect(abs(next - one - 0.04) < 0.002) }
    }

    @Test(
        "Sluice reports pictures that a part of a joined transport stream lacks at its end (faults D5 and K7)",
        .mustEnd
    )
    func joinedAfterCut() throws {
        try make("in.ts", "\(ForeignFiles.x264) -bf 2 -b_strategy 0", frames: 40)
        let packets = try folder.succeed("ffprobe -v error -show_entries packet=pts,pos -of csv=p=0 in.ts").lines
            .map { $0.split(separator: ",").compactMap { Int($0) } }
        // After the picture that is shown after the next ones.
        let last = try #require((25..<35).first { packets[$0][0] > packets[$0 + 1][0] })
        try folder.succeed("head -c \(packets[last + 1][1]) in.ts | cat - in.ts > two.ts")
        let outcome = try folder.succeed("sluice decode two.ts --format framehash -o two")
        #expect(outcome.errors.contains("two.ts: frames may be missing: frame \(last) comes"))
        let report = try folder.succeed("sluice encode two.ts --preset ultrafast --json -o out.mp4")
        #expect(report.text.contains("frames may be missing") && report.text.contains("\"frames\":\(last + 41),"))
    }

    @Test("Sluice reports that a crop of the container is not applied (fault F)", .mustEnd, arguments: ["mp4", "mkv"])
    func containerCrop(container: String) throws {
        let color = "-colorspace bt709 -color_primaries bt709 -color_trc bt709"
        try make("in.\(container)", "\(ForeignFiles.x264) \(color)")
        #expect(!(try folder.decodedFrames("in.\(container)").errors.contains("not c")))
        var bytes = try folder.bytes("in.\(container)")
        if container == "mp4" {
            // The boxes of color, sample aspect and rate make room for 40 bytes of `clap`, and `free` for the rest.
            let start = try #require(bytes.firstRange(of: Array("colr".utf8))).lowerBound - 4
            let end = try #require(bytes.firstRange(of: Array("btrt".utf8))).lowerBound + 16
            let room = end - start - 48
            let values: [UInt8] = [80, 1, 60, 1, 0, 1, 0, 1].flatMap { [0, 0, 0, $0] }
            let aperture: [UInt8] = [0, 0, 0, 40] + Array("clap".utf8) + values
            let rest: [UInt8] = [0, 0, 0, UInt8(room + 8)] + Array("free".utf8) + [UInt8](repeating: 0, count: room)
            bytes.replaceSubrange(start..<end, with: aperture + rest)
        } else {
            // The element of color makes room for two others, and a void.
            let start = try #require(bytes.firstRange(of: [0x55, 0xB0])).lowerBound
            let length = Int(bytes[start + 2] & 0x7F) + 3
            let void: [UInt8] = [0xEC, UInt8(0x80 + length - 10)] + [UInt8](repeating: 0, count: length - 10)
            bytes.replaceSubrange(
                start..<start + length,
                with: [0x54, 0xAA, 0x81, 8, 0x54, 0xCC, 0x81, 4] + void
            )
        }
        try folder.write(bytes, to: "in.\(container)")
        let words =
            container == "mp4"
            ? "clean aperture of 80x60 (clap) is not applied to the 96x64" : "8 at the bottom, 4 at the left"
        #expect(try folder.decodedFrames("in.\(container)").errors.contains(words))
        #expect(try folder.succeed("sluice encode in.\(container) --json -o out.mp4").text.contains(words))
    }

    @Test(
        "Sluice names a file that holds no video, and what to do (fault K8)",
        .mustEnd,
        arguments: [
            ("ppm", "a PPM picture"), ("pgm", "a PGM picture"),
            ("wav", "WAVE sound"), ("flac", "FLAC sound"),
        ]
    )
    func otherKinds(suffix: String, name: String) throws {
        let isSound = ["wav", "flac"].contains(suffix)
        let source = isSound ? "sine=d=0.1" : "testsrc2=size=32x32:rate=25"
        try folder.succeed("ffmpeg -v error -y -f lavfi -i \(source) \(isSound ? "" : "-frames:v 1") in.\(suffix)")
        try folder.fail("sluice encode in.\(suffix) -o out.mp4", status: 69, saying: "in.\(suffix)", name)
        try folder.fail("sluice decode in.\(suffix) -o out.y4m", status: 69, saying: "in.\(suffix)", name)
        #expect(!folder.exists("out.mp4") && !folder.exists("out.y4m"))
    }

    @Test("Sluice names text and archives (fault K8)", .mustEnd)
    func otherFiles() throws {
        try folder.write(Array("a manifest perhaps\n".utf8), to: "in.txt")
        try folder.write(Array("%PDF-1.4 and so on".utf8), to: "in.pdf")
        try folder.succeed("gzip -c in.txt > in.gz")
        try folder.fail("sluice encode in.txt -o out.mp4", status: 69, saying: "it is text")
        try folder.fail("sluice encode in.pdf -o out.mp4", status: 69, saying: "a PDF document")
        try folder.fail("sluice encode in.gz -o out.mp4", status: 69, saying: "gzip", "unpack")
        // Frames may begin with anything.
        try folder.succeed("head -c 1024 /dev/zero | tr '\\0' a | sluice -s 16x16 -r 25 -p rgba -o out.mp4")
    }

    @Test("Sluice reports that an MP4 is encrypted (fault K9)", .mustEnd)
    func encrypted() throws {
        try make("in.mp4")
        let key = "-encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8"
        try folder.succeed("ffmpeg -v error -y -i in.mp4 -c copy -encryption_scheme cenc-aes-ctr \(key) out.mp4")
        try folder.fail("sluice decode out.mp4 -o out.y4m", status: 69, saying: "encrypted (cenc)")
        try folder.fail("sluice encode out.mp4 -o new.mp4", status: 69, saying: "encrypted (cenc)")
    }

    @Test(
        "Sluice reports that an MP4 is encrypted if only its header declares it, also from a pipe",
        .mustEnd,
        arguments: ["cenc", "cbcs"]
    )
    func encryptedFragments(scheme: String) throws {
        try make("in.mp4")
        let key = "-encryption_key 76a6c65c5ea762046bd749a2e632ccbb -encryption_kid a7e61c373e219033c21091fa607bf3b8"
        let flags = "-encryption_scheme cenc-aes-ctr \(key) -movflags frag_keyframe+empty_moov"
        try folder.succeed("ffmpeg -v error -y -i in.mp4 -c copy \(flags) made.mp4")
        // ffmpeg writes one scheme only; the name is all that is looked at.
        try folder.succeed("sed 's/cenc/\(scheme)/g' made.mp4 > out.mp4")
        try folder.fail("sluice decode out.mp4 -o out.y4m", status: 69, saying: "encrypted (\(scheme))")
        try folder.fail("sluice inspect out.mp4", status: 69, saying: "encrypted (\(scheme))")
        try folder.fail("cat out.mp4 | sluice encode -o new.mp4", status: 69, saying: "encrypted (\(scheme))")
    }

    @Test("Sluice reports that WebM without a key's name, and a scrambled transport stream, are encrypted", .mustEnd)
    func encryptedOtherwise() throws {
        try make("in.webm", "-c:v libvpx")
        var bytes = try folder.bytes("in.webm")
        // A track's number of 8 bytes makes room for ContentEncodings with one ContentEncoding of the type encryption.
        let uid = try #require(bytes.firstRange(of: [0x73, 0xC5, 0x88]))
        let encoding: [UInt8] = [0x6D, 0x80, 0x40, 0x07, 0x62, 0x40, 0x84, 0x50, 0x33, 0x81, 0x01]
        bytes.replaceSubrange(uid.lowerBound..<uid.lowerBound + 11, with: encoding)
        try folder.write(bytes, to: "out.webm")
        try folder.fail("sluice encode out.webm -o new.mp4", status: 69, saying: "encrypted (ContentEncryption)")
        try make("in.ts")
        var packets = try folder.bytes("in.ts")
        for start in stride(from: 0, to: packets.count, by: 188) where packets[start + 1] & 0x1F == 1 {
            guard packets[start + 2] == 0, packets[start + 3] & 0x10 != 0 else { continue }
            let header = packets[start + 3] & 0x20 != 0 ? 5 + Int(packets[start + 4]) : 4
            packets[start + 3] |= 0x80
            for place in start + header..<start + 188 { packets[place] ^= 0x5A }
        }
        try folder.write(packets, to: "out.ts")
        try folder.fail("sluice encode out.ts -o new.mp4", status: 69, saying: "encrypted")
        #expect(!folder.exists("new.mp4"))
    }

    @Test("Sluice names the video of a container that it does not read (fault L)", .mustEnd)
    func unreadVideo() throws {
        try make("in.nut", "-c:v xface", size: "48x48", frames: 2)
        try folder.fail("sluice encode in.nut -o out.mp4", status: 69, saying: "xface", "yuv4mpegpipe")
        try make("in.mp4", frames: 2)
        var bytes = try folder.bytes("in.mp4")
        let tag = try #require(bytes.firstRange(of: Array("avc1\0\0\0\0\0\0\0\u{1}".utf8)))
        bytes.replaceSubrange(tag.lowerBound..<tag.lowerBound + 4, with: Array("zzzz".utf8))
        try folder.write(bytes, to: "odd.mp4")
        try folder.fail("sluice decode odd.mp4 -o out.y4m", status: 69, saying: "\"zzzz\"")
        try folder.succeed("ffmpeg -v error -y -f lavfi -i sine=d=0.2 -c:a aac sound.mp4")
        try folder.fail("sluice decode sound.mp4 -o out.y4m", status: 69, saying: "only audio (aac)")
    }

    @Test("Sluice reports which contents of a container are dropped where they have no place (fault J)", .mustEnd)
    func leftovers() throws {
        try make("video.mp4", "\(ForeignFiles.x264) -timecode 01:00:00:00 -metadata title=T -metadata location=+1-2/")
        try folder.write(
            Array(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=one\n".utf8),
            to: "chapters.txt"
        )
        let maps = "-map 0:v -map_metadata 0 -map_chapters 1"
        try folder.succeed("ffmpeg -v error -y -i video.mp4 -i chapters.txt \(maps) -c copy in.mp4")
        let kept = try folder.succeed("sluice encode in.mp4 --preset ultrafast --json -o out.mp4")
        #expect(!kept.errors.contains("dropped"), "\(kept.errors)")
        let outcome = try folder.succeed("sluice encode in.mp4 --preset ultrafast --json -o out.h264")
        for name in ["title", "location", "1 chapter", "the timecode 01:00:00:00"] {
            #expect(outcome.errors.contains(name) && outcome.text.contains(name), "\(name)")
        }
        #expect(!outcome.errors.contains("none"))
        #expect(outcome.errors.split(separator: "\n").filter { $0.contains("dropped") }.count <= 4)
    }

    /// Messages of ITU-T T.35 as encoders put them before a picture.
    private static let messages: [(name: String, payload: [UInt8])] = [
        ("captions", [0xB5, 0x00, 0x31] + Array("GA94".utf8) + [3, 0xC1, 0xFF, 0xFC, 0x94, 0x2C, 0xFF]),
        ("HDR10+ metadata", [0xB5, 0x00, 0x3C, 0x00, 0x01, 0x04, 0x01, 0x40]),
    ]

    @Test(
        "Sluice reports once that a stream's captions and HDR10+ are dropped (fault J)",
        .mustEnd,
        arguments: ["h264", "hevc"]
    )
    func messages(codec: String) throws {
        let isHEVC = codec == "hevc"
        try make(
            "in.\(codec)",
            isHEVC ? "-pix_fmt yuv420p -c:v libx265 -x265-params log-level=error" : ForeignFiles.x264
        )
        let units = AnnexB(try folder.bytes("in.\(codec)")).units.flatMap { unit -> [ArraySlice<UInt8>] in
            let type = isHEVC ? (unit.first ?? 0) >> 1 & 0x3F : AnnexB.type(unit)
            guard isHEVC ? type < 32 : [1, 5].contains(type) else { return [unit] }
            let messages = Self.messages.map { message -> ArraySlice<UInt8> in
                let body = [4, UInt8(message.payload.count)] + message.payload + [0x80]
                return ((isHEVC ? [0x4E, 0x01] : [0x06]) + ForeignAVC.escaped(body))[...]
            }
            return messages + [unit]
        }
        try folder.write(ForeignAVC.stream(units), to: "out.\(codec)")
        let outcome = try folder.succeed("sluice encode out.\(codec) --preset ultrafast --json -o out.mp4")
        for (name, _) in Self.messages {
            #expect(outcome.errors.components(separatedBy: "\(name) are dropped").count == 2, "\(name)")
            #expect(outcome.text.contains("\(name) are dropped"))
        }
        #expect(try folder.decodedFrames("out.\(codec)").hashes == folder.sha256OfFrames("in.\(codec)"))
    }

    @Test("Sluice reports the frame from which on frames are interlaced (fault J)", .mustEnd)
    func laterInterlace() throws {
        try make("a.ts", "\(ForeignFiles.x264) -bf 0", frames: 10)
        try make("b.ts", "\(ForeignFiles.x264) -bf 0 -flags +ildct+ilme -output_ts_offset 1", frames: 10)
        try folder.succeed("cat a.ts b.ts > both.ts")
        let outcome = try folder.succeed("sluice encode both.ts --variable-rate --preset ultrafast --json -o out.mp4")
        #expect(outcome.errors.contains("10 frames are interlaced, from frame 10 on"))
        #expect(outcome.text.contains("from frame 10 on"))
    }

    @Test("Sluice scales a stream that changes its size to one size, and else names the change (fault F4)", .mustEnd)
    func changedSize() throws {
        try make("a.h264", ForeignFiles.x264, frames: 5)
        try make("b.h264", ForeignFiles.x264, size: "64x96", frames: 5)
        try folder.succeed("cat a.h264 b.h264 > both.h264")
        try folder.succeed("sluice encode both.h264 --scale 80x80 --preset ultrafast -o out.mp4")
        #expect(try folder.sha256OfFrames("out.mp4").count == 10)
        #expect(try folder.probe("out.mp4", "width,height") == "80,80")
        try folder.fail(
            "sluice encode both.h264 -o no.mp4",
            status: 69,
            saying: "frame 5 is 64x96",
            "96x64",
            "--scale"
        )
    }
}
