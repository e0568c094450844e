import Foundation
import Testing

/// Streams and containers that every other tool reads.
@Suite("Media of other writers")
struct ForeignMediaTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func make(
        _ file: String,
        _ encode: String = ForeignFiles.x264,
        size: String = "96x64",
        frames: Int = 30
    ) throws {
        try folder.make(file, encode, size: size, frames: frames)
    }

    @Test(
        "Sluice decodes every picture of H.264 that does not declare its reordering (fault K1)",
        .mustEnd,
        arguments: ["-bf 3", "-bf 8 -b_strategy 0", "-bf 16 -refs 8", "-level 1 -bf 8 -refs 8"],
        ["h264", "mp4"]
    )
    func undeclaredReordering(options: String, container: String) throws {
        try make("in.h264", "\(ForeignFiles.x264) \(options)", size: "320x180")
        let units = AnnexB(try folder.bytes("in.h264")).units.map {
            AnnexB.type($0) == 7 ? ForeignAVC.rewriting($0)[...] : $0
        }
        try folder.write(ForeignAVC.stream(units), to: "bare.h264")
        if container == "mp4" {
            try make("in.mp4", "\(ForeignFiles.x264) \(options)", size: "320x180")
            try replaceSPS(in: "in.mp4", to: "bare.mp4")
        }
        let expected = try folder.sha256OfFrames("in.h264")
        #expect(expected.count == 30)
        #expect(try folder.decodedFrames("bare.\(container)").hashes == expected)
    }

    /// The only SPS of an MP4 whose `moov` is its last box, without its VUI parameters; what is saved becomes a box of its own.
    private func replaceSPS(in name: String, to target: String) throws {
        var bytes = try folder.bytes(name)
        let start = try #require(bytes.firstRange(of: Array("avcC".utf8))).lowerBound - 4
        let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        let record = bytes[start + 8..<start + length]
        let count = Int(record[record.startIndex + 6]) << 8 | Int(record[record.startIndex + 7])
        let sps = ForeignAVC.rewriting(record[record.startIndex + 8..<record.startIndex + 8 + count])
        var made = Array(record.prefix(6)) + [UInt8(sps.count >> 8), UInt8(sps.count & 255)] + sps
        made += record.dropFirst(8 + count)
        func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
            let size = content.count + 8
            return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } + Array(type.utf8) + content
        }
        let freed = length - 8 - made.count
        try #require(freed >= 8)
        bytes.replaceSubrange(
            start..<start + length,
            with: box("avcC", made) + box("free", [UInt8](repeating: 0, count: freed - 8))
        )
        try folder.write(bytes, to: target)
    }

    @Test(
        "Sluice begins at the first picture that can be decoded, and counts those that it skips (fault K2)",
        .mustEnd,
        arguments: ["open-gop=1:scenecut=0", "intra-refresh=1"]
    )
    func recoveryPoint(options: String) throws {
        try make("in.h264", "\(ForeignFiles.x264) -bf 3 -g 12 -x264-params \(options)", frames: 50)
        let units = ForeignAVC.accessUnits(try folder.bytes("in.h264"))
        let sets = units[0].filter { [7, 8].contains(AnnexB.type($0)) }
        try folder.write(ForeignAVC.stream(sets + units[5...].joined()), to: "cut.h264")
        let (all, cut) = (try folder.sha256OfFrames("in.h264"), try folder.decodedFrames("cut.h264"))
        #expect(cut.hashes.count > 20 && cut.hashes.count < 45)
        #expect(cut.hashes == Array(all.suffix(cut.hashes.count)))
        let missed = 45 - cut.hashes.count
        #expect(cut.errors.contains("cut.h264: \(missed) pictures that refer to pictures before the start"))
    }

    @Test(
        "Sluice begins at the picture that a recovery point of HEVC names (fault K2)",
        .mustEnd
    )
    func orderRecoveryPoint() throws {
        // Without filters, refreshed blocks do not depend on others.
        let options =
            "log-level=error:intra-refresh=1:bframes=0:ref=1:keyint=25:no-deblock=1:no-sao=1:no-temporal-mvp=1"
        let encode = "-pix_fmt yuv420p -c:v libx265 -preset veryfast -x265-params \(options)"
        try make("in.hevc", encode, size: "160x96", frames: 125)
        let units = AnnexB(try folder.bytes("in.hevc")).units
        let pictures = units.indices.filter { (units[$0].first ?? 0) >> 1 < 32 }
        let sets = units.prefix(3).map { $0 }
        // recovery_poc_cnt 49, exact_match_flag 1, broken_link_flag 0: two refreshes on.
        let recovery: ArraySlice<UInt8> = [39 << 1, 1, 6, 2, 0x03, 0x15, 0x80]
        let passedOver = units[pictures[45]..<pictures[50]].filter { ($0.first ?? 0) >> 1 < 32 }
        let cut = sets + passedOver + [recovery] + units[pictures[50]...]
        try folder.write(ForeignAVC.stream(cut), to: "cut.hevc")
        let (all, decoded) = (try folder.sha256OfFrames("in.hevc"), try folder.decodedFrames("cut.hevc", "-r 25"))
        #expect(decoded.hashes == Array(all[99...]))
        #expect(decoded.errors.contains("54 pictures that refer to pictures before the start"))
    }

    @Test(
        "Sluice reads a transport stream whose beginning was cut at any position, also within a packet (faults K2 and K5)",
        .mustEnd,
        arguments: ["libx264 -bf 3 -x264-params open-gop=1:scenecut=0", "libx264 -x264-params intra-refresh=1"],
        [0, 100]
    )
    func cutTransportStream(encode: String, offset: Int) throws {
        try make("in.ts", "-pix_fmt yuv420p -c:v \(encode) -g 12", frames: 60)
        let bytes = try folder.bytes("in.ts")
        try folder.write(Array(bytes[(bytes.count / 188 / 3 * 188 + offset)...]), to: "cut.ts")
        let (all, cut) = (try folder.sha256OfFrames("in.ts"), try folder.decodedFrames("cut.ts").hashes)
        #expect(cut.count > 15)
        #expect(cut == Array(all.suffix(cut.count)))
        let report = try folder.succeed("sluice encode cut.ts --codec h264 --preset ultrafast --json -o out.mp4")
        #expect(report.text.contains("\"frames\":\(cut.count),"))
        #expect(report.text.contains("pictures that refer to pictures before the start"))
    }

    @Test(
        "Sluice begins at the first key picture if the first sample is not one (fault K2)",
        .mustEnd,
        arguments: [
            ("mp4", "libx264 -bf 2"), ("mkv", "libx265 -x265-params log-level=error:open-gop=1:bframes=3"),
            ("webm", "libvpx-vp9 -cpu-used 8"), ("webm", "libvpx -cpu-used 8"), ("mp4", "libaom-av1 -cpu-used 8"),
        ]
    )
    func lateKeyPicture(container: String, encode: String) throws {
        try make("in.\(container)", "-pix_fmt yuv420p -c:v \(encode) -g 10", frames: 30)
        let drop = "-bsf:v \"noise=drop='lt(n,3)'\""
        try folder.succeed("ffmpeg -v error -y -i in.\(container) -c copy \(drop) cut.\(container)")
        let (all, cut) = (try folder.sha256OfFrames("in.\(container)"), try folder.decodedFrames("cut.\(container)"))
        #expect(cut.hashes.count >= 15)
        #expect(cut.hashes == Array(all.suffix(cut.hashes.count)))
        #expect(cut.errors.contains("before the start of the stream"))
    }

    @Test("Sluice continues after an error in an SEI message (fault K3)", .mustEnd)
    func faultySEI() throws {
        try make("in.h264", "\(ForeignFiles.x264) -x264-params nal-hrd=vbr:vbv-maxrate=500:vbv-bufsize=500")
        var units = AnnexB(try folder.bytes("in.h264")).units
        let buffering = try #require(units.firstIndex { AnnexB.type($0) == 6 && $0.dropFirst().first == 0 })
        units.insert(units.remove(at: buffering), at: 0)
        let user = try #require(units.firstIndex { AnnexB.type($0) == 6 && $0.dropFirst().first == 5 })
        units[user] = (Array(units[user].dropLast(3)) + [0x80])[...]
        try folder.write(ForeignAVC.stream(units), to: "out.h264")
        let expected = try folder.sha256OfFrames("in.h264")
        #expect(expected.count == 30)
        #expect(try folder.decodedFrames("out.h264").hashes == expected)
    }

    @Test(
        "Sluice derives the times of H.264 that a container does not have (fault K4)",
        .mustEnd,
        arguments: ["avi", "asf", "mpg", "vob", "nut"]
    )
    func derivedTimes(container: String) throws {
        try make("in.\(container)", "\(ForeignFiles.x264) -bf 3", size: "352x288", frames: 25)
        let decoded = try folder.decodedFrames("in.\(container)")
        let expected = try folder.sha256OfFrames("in.\(container)")
        #expect(expected.count == 25)
        #expect(decoded.hashes == expected)
        let start = try #require(decoded.times.first)
        for (number, time) in decoded.times.enumerated() { #expect(abs(time - start - number * 40_000) <= 500) }
        try folder.succeed("sluice encode in.\(container) --input-format media --preset ultrafast -o out.mp4")
        #expect(try folder.sha256OfFrames("out.mp4").count == 25)
    }

    @Test(
        "Sluice crops a picture to the size in its container if less than a macroblock is removed (fault F1)",
        .mustEnd,
        arguments: ["mp4", "mkv"]
    )
    func containerCrop(container: String) throws {
        try make("in.\(container)", ForeignFiles.x264, size: "640x360", frames: 5)
        let crop = "-bsf:v h264_metadata=crop_bottom=0"
        try folder.succeed("ffmpeg -v error -y -i in.\(container) -c copy \(crop) whole.\(container)")
        try folder.succeed("sluice decode whole.\(container) -o out.y4m")
        #expect(try folder.probe("out.y4m", "width,height") == "640,360")
        let expected = try folder.sha256OfFrames("in.\(container)")
        #expect(try folder.decodedFrames("whole.\(container)").hashes == expected)
        try folder.succeed("sluice encode whole.\(container) --preset ultrafast -o out.mp4")
        #expect(try folder.probe("out.mp4", "width,height") == "640,360")
    }
}
