import Foundation
import Testing

@Suite("A stream with several slices in a picture")
struct MissingSliceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let encoders = [
        "h264": "libx264 -x264-params slices=2:weightp=2:ref=4:intra-refresh=1:keyint=12",
        "hevc": "libx265 -x265-params log-level=none:slices=3:keyint=10",
    ]

    /// The NAL units of a stream of 25 pictures, and the numbers of those that are slices.
    private func stream(_ codec: String) throws -> (units: [ArraySlice<UInt8>], slices: [Int]) {
        let source = "ffmpeg -v error -y -f lavfi -i testsrc2=s=192x192:r=25:d=1 -pix_fmt yuv420p"
        try folder.succeed("\(source) -c:v \(Self.encoders[codec] ?? "") in.\(codec)")
        let units = AnnexB(try folder.bytes("in.\(codec)")).units
        return (units, units.indices.filter { DamagedStream.isSlice(units[$0], codec) })
    }

    private func write(_ units: [ArraySlice<UInt8>], to name: String) throws {
        try folder.write(units.flatMap { [0, 0, 0, 1] + $0 }, to: name)
    }

    private func decode(_ name: String, threads: Int) -> String {
        "sluice decode \(name) --threads \(threads) --format framehash -o - >/dev/null"
    }

    @Test(
        "A stream with several slices in a picture is damaged without one of them, however many threads decode it (fault D3)",
        .mustEnd,
        arguments: ["h264", "hevc"]
    )
    func missing(codec: String) throws {
        let (units, slices) = try stream(codec)
        // The last slice of the first picture, and one in the middle of the stream.
        for number in [codec == "h264" ? 1 : 2, slices.count / 2] {
            var rest = units
            rest.remove(at: slices[number])
            try write(rest, to: "missing.\(codec)")
            for threads in [1, 2, 4] {
                // libavcodec's threads decide by chance what a picture is reported as.
                for _ in 0..<8 {
                    try folder.fail(
                        decode("missing.\(codec)", threads: threads),
                        status: 65,
                        saying: "missing.\(codec)"
                    )
                }
            }
        }
        for threads in [1, 2, 4] { try folder.succeed(decode("in.\(codec)", threads: threads)) }
    }

    @Test(
        "A stream with several slices in a picture is damaged if one of them comes twice (fault D3)",
        .mustEnd,
        arguments: ["h264", "hevc"]
    )
    func repeated(codec: String) throws {
        let (units, slices) = try stream(codec)
        for number in [1, slices.count / 2, slices.count - 1] {
            var more = units
            more.insert(units[slices[number]], at: slices[number])
            try write(more, to: "twice.\(codec)")
            try folder.fail(decode("twice.\(codec)", threads: 2), status: 65, saying: "twice.\(codec)")
        }
    }
}
