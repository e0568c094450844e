import Foundation
import Testing

@Suite("The shape of a picture")
struct ShapeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=720x576:r=25:d=0.08 -vf setsar=64/45"

    @Test("The shape of a picture is kept where it is scaled (fault F2)", .mustEnd, arguments: ["in.mp4", "in.y4m"])
    func scaled(input: String) throws {
        try folder.succeed("\(source) -pix_fmt yuv420p \(input)")
        for (size, aspect) in [("1024x576", "1:1"), ("360x288", "64:45"), ("512x576", "2:1")] {
            try folder.succeed("sluice encode \(input) --scale \(size) --preset ultrafast --overwrite -o out.mp4")
            #expect(try folder.probe("out.mp4", "sample_aspect_ratio") == aspect, "\(size)")
        }
    }

    @Test("The shape of a picture is kept in the Y4M header where decode scales (fault F2)", .mustEnd)
    func decoded() throws {
        try folder.succeed("\(source) -pix_fmt yuv420p -c:v libx264 in.mp4")
        try folder.succeed("sluice decode in.mp4 --size 360x576 -o out.y4m")
        #expect(try folder.succeed("head -c 60 out.y4m").text.contains(" A128:45 "))
    }

    @Test("The shape of a picture is square where a side was rounded to a whole sample (fault F2)", .mustEnd)
    func rounded() throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=640x360:r=25:d=0.08 -pix_fmt yuv420p"
        try folder.succeed("\(source) -c:v libx264 in.mp4")
        try folder.succeed("sluice encode in.mp4 --scale 426x240 --preset ultrafast -o out.mp4")
        #expect(try folder.probe("out.mp4", "sample_aspect_ratio") == "1:1")
    }

    @Test(
        "The shape of a picture is kept where the display matrix of an MP4 stretches it (fault F3)",
        .mustEnd,
        arguments: [false, true]
    )
    func stretched(isTurned: Bool) throws {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=96x64:r=25:d=0.08 -pix_fmt yuv420p"
        try folder.succeed("\(source) -c:v libx264 in.mp4")
        var bytes = try folder.bytes("in.mp4")
        let header = try #require(bytes.indices.first { bytes[$0...].starts(with: Array("tkhd".utf8)) })
        // ISO/IEC 14496-12 8.3.2: the matrix is 40 bytes after the type and the version.
        let place = header + 44
        let (one, two): ([UInt8], [UInt8]) = ([0, 1, 0, 0], [0, 2, 0, 0])
        let zero: [UInt8] = [0, 0, 0, 0]
        let minusOne: [UInt8] = [0xFF, 0xFF, 0, 0]
        let matrix = isTurned ? [zero, two, zero, minusOne, zero] : [two, zero, zero, zero, one]
        bytes.replaceSubrange(place..<place + 20, with: matrix.flatMap { $0 })
        try folder.write(bytes, to: "stretched.mp4")
        try folder.succeed("sluice encode stretched.mp4 --preset ultrafast -o out.mp4")
        // ffprobe has a column more where a matrix is beside the stream.
        #expect(try folder.probe("out.mp4", "sample_aspect_ratio").split(separator: ",").first == "2:1")
        let turn = try folder.succeed("ffprobe -v error -show_entries stream_side_data=rotation -of csv=p=0 out.mp4")
            .text
        #expect(turn.contains("90") == isTurned)
    }

    @Test(
        "The shape of a picture is compared where both have it, after padding and cropping (fault F5)",
        .mustEnd,
        arguments: ["pad", "crop"]
    )
    func compared(policy: String) throws {
        try folder.succeed("sluice testsrc -s 65x63 --frames 5 -p i420 >in.raw")
        let encode = "sluice -s 65x63 -r 25 -p i420 --odd-size \(policy) --quantizer 20 --bitrate-mode quantizer"
        try folder.succeed("\(encode) in.raw -o out.mp4")
        let outcome = try folder.succeed("sluice compare -s 65x63 -p i420 in.raw out.mp4")
        #expect(outcome.errors.contains("the common \(policy == "pad" ? "65x63" : "64x62") samples of"))
        #expect(outcome.text.contains("PSNR"))
        try folder.succeed("sluice testsrc -s 96x64 --frames 5 -p i420 >other.raw")
        try folder.fail("sluice compare -s 96x64 -p i420 other.raw out.mp4", status: 69, saying: "96x64")
    }
}
