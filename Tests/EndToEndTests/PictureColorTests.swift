import Foundation
import TestSupport
import Testing

/// The colors that the files of pictures tell.
@Suite("Colors of pictures' files")
struct PictureColorTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Writes `p/1.png` to `p/3.png`, 32x16 of one color, with the chunks that a script makes.
    ///
    /// - Parameters:
    ///   - chunks: An expression of Python: pairs of a type and its data.
    ///   - samples: Red, green and blue.
    ///   - depth: Bits of a sample.
    private func makePNG(_ chunks: String, _ samples: [Int] = [40000, 30000, 20000], depth: Int = 16) throws {
        let script = """
            import os, struct, sys, zlib
            def chunk(name, data):
                return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            def number(*values): return struct.pack(">%dI" % len(values), *values)
            def fixed(*values): return struct.pack(">%di" % len(values), *[round(v * 65536) for v in values])
            def xyz(*values): return b"XYZ " + bytes(4) + fixed(*values)
            def icc(colors, curve, name):
                tags = [(b"rXYZ", xyz(*colors[0:3])), (b"gXYZ", xyz(*colors[3:6])), (b"bXYZ", xyz(*colors[6:9])),
                    (b"rTRC", curve), (b"gTRC", curve), (b"bTRC", curve),
                    (b"desc", b"desc" + bytes(4) + number(len(name) + 1) + name + bytes(1))]
                tags = [(n, d + bytes(-len(d) % 4)) for n, d in tags]
                place, table, data = 132 + 12 * len(tags), b"", b""
                for n, d in tags:
                    table += n + number(place + len(data), len(d))
                    data += d
                head = bytes(12) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(88)
                return head + number(len(tags)) + table + data
            def iccp(colors, curve, name): return [(b"iCCP", b"ICC Profile\\0\\0" + zlib.compress(icc(colors, curve, name)))]
            srgb = (0.4361, 0.2225, 0.0139, 0.3851, 0.7169, 0.0971, 0.1431, 0.0606, 0.7141)
            p3 = (0.5151, 0.2412, -0.0011, 0.2920, 0.6922, 0.0419, 0.1571, 0.0666, 0.7841)
            adobe = (0.6097, 0.3111, 0.0195, 0.2053, 0.6257, 0.0609, 0.1492, 0.0632, 0.7446)
            para = b"para" + bytes(4) + struct.pack(">HH", 3, 0) + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
            light = lambda v: v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
            table = b"curv" + bytes(4) + number(1024) + b"".join(
                struct.pack(">H", round(light(i / 1023) * 65535)) for i in range(1024))
            power = lambda g: b"curv" + bytes(4) + number(1) + struct.pack(">H", round(g * 256))
            cicp = lambda *values: [(b"cICP", bytes(values))]
            chrm = lambda *values: [(b"cHRM", number(*values))]
            gama = lambda value: [(b"gAMA", number(value))]
            chunks = \(chunks)
            depth, samples = \(depth), \(samples)
            row = b"\\0" + struct.pack(">3H" if depth == 16 else "3B", *samples) * 32
            os.makedirs("p", exist_ok=True)
            for n in range(1, 4):
                with open("p/%d.png" % n, "wb") as out:
                    out.write(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", number(32, 16) + bytes([depth, 2, 0, 0, 0])))
                    for name, data in chunks: out.write(chunk(name, data))
                    out.write(chunk(b"IDAT", zlib.compress(row * 16)) + chunk(b"IEND", b""))
            """
        try folder.write(script, to: "make.py")
        try folder.succeed("python3 make.py")
    }

    private func tags(_ name: String) throws -> String {
        try folder.probe(name, "color_space,color_transfer,color_primaries").trimmingCharacters(in: [",", "\n"])
    }

    /// The sample in the middle of the first frame, of 10 bits.
    private func samples(_ name: String) throws -> [Double] {
        try folder.succeed("ffmpeg -v error -y -i \(name) -frames:v 1 -pix_fmt yuv444p10le -f rawvideo out.yuv")
        let bytes = try folder.bytes("out.yuv")
        return (0..<3).map { plane in
            let place = 2 * (plane * 512 + 8 * 32 + 16)
            return Double(Int(bytes[place]) | Int(bytes[place + 1]) << 8)
        }
    }

    private static let deep = "--codec vp9 --crf 0 --bit-depth 10 --chroma 444"

    @Test(
        "The chunks of a PNG that tell its colors are the tags of the output",
        arguments: [
            ("cicp(9, 16, 0, 1)", "bt2020nc,smpte2084,bt2020"), ("cicp(9, 18, 0, 1)", "bt2020nc,arib-std-b67,bt2020"),
            ("cicp(12, 13, 0, 1) + [(b'sRGB', b'\\0')]", "bt709,iec61966-2-1,smpte432"),
            ("[(b'sRGB', b'\\0')] + gama(45455)", "bt709,iec61966-2-1,bt709"), ("gama(100000)", "bt709,linear,bt709"),
            ("gama(45455)", "bt709,bt470m,bt709"), ("[]", "bt709,bt709,bt709"),
            ("chrm(31270, 32900, 70800, 29200, 17000, 79700, 13100, 4600) + gama(100000)", "bt2020nc,linear,bt2020"),
            ("iccp(srgb, para, b'sRGB')", "bt709,iec61966-2-1,bt709"),
            ("iccp(srgb, table, b'a name')", "bt709,iec61966-2-1,bt709"),
            ("iccp(p3, para, b'Display P3')", "bt709,iec61966-2-1,smpte432"),
            ("iccp(srgb, power(1), b'linear')", "bt709,linear,bt709"),
        ]
    )
    func tagged(chunks: String, expected: String) throws {
        try makePNG(chunks)
        let outcome = try folder.succeed("sluice 'p/%d.png' -r 24 \(Self.deep) -o out.mp4")
        #expect(try tags("out.mp4") == expected, "\(chunks)")
        #expect(!outcome.errors.contains("warning"), "\(outcome.errors)")
    }

    @Test(
        "PQ of BT.2020 in a PNG is coded with the matrix of BT.2020, within 1 of 1023 of a double-precision reference"
    )
    func pq() throws {
        try makePNG("cicp(9, 16, 0, 1)")
        try folder.succeed("sluice 'p/%d.png' -r 24 \(Self.deep) -o out.mp4")
        let reference = Light.samples([40000, 30000, 20000].map { Double($0) / 65535 })
        #expect(zip(try samples("out.mp4"), reference).allSatisfy { abs($0 - $1) <= 1 })
        try folder.fail("sluice 'p/%d.png' -r 24 -o x.mp4", status: 69, saying: "pq")
    }

    @Test("Light in a PNG is converted from the curve that its gamma tells")
    func linear() throws {
        try makePNG("gama(100000)")
        let hdr = "--color-primaries bt2020 --color-transfer pq --input-primaries bt709"
        try folder.succeed("sluice 'p/%d.png' -r 24 \(Self.deep) \(hdr) -o out.mp4")
        let light = Light.inBT2020([40000, 30000, 20000].map { Double($0) / 65535 })
        let reference = Light.samples(light.map { Light.pq($0 * 203) })
        #expect(zip(try samples("out.mp4"), reference).allSatisfy { abs($0 - $1) <= 1 })
    }

    @Test("Colors of a PNG that have no name are a warning, and limited range is refused")
    func unknown() throws {
        let encode = "sluice 'p/%d.png' -r 24 --overwrite -o out.mp4"
        for (chunks, words) in [
            ("iccp(adobe, power(2.2), b'Adobe RGB (1998)')", "\"Adobe RGB (1998)\""), ("[(b'iCCP', b'x')]", "damaged"),
            ("gama(60000)", "gamma of 0.6"),
            ("chrm(31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000)", "0.21 0.71"),
        ] {
            try makePNG(chunks)
            #expect(try folder.succeed(encode).errors.contains(words), "\(chunks)")
            #expect(try tags("out.mp4") == "bt709,bt709,bt709")
        }
        try makePNG("cicp(9, 16, 0, 0)")
        try folder.fail("sluice 'p/%d.png' -r 24 -o x.mp4", status: 69, saying: "cICP", "p/1.png")
    }

    @Test("Raw RGB of the primaries of BT.2020 has their matrix, unless the job states one")
    func raw() throws {
        let pixel = [40000, 30000, 20000].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        try folder.write(Array(repeatElement(pixel, count: 512).joined()), to: "in.rgb48")
        let raw = "sluice in.rgb48 -p rgb48 -s 32x16 -r 24 \(Self.deep) --overwrite -o out.mp4"
        let reference = Light.samples([40000, 30000, 20000].map { Double($0) / 65535 })
        for flags in [
            "--color-primaries bt2020 --color-transfer pq", "--input-primaries bt2020 --input-transfer pq",
        ] {
            try folder.succeed("\(raw) \(flags)")
            #expect(try tags("out.mp4") == "bt2020nc,smpte2084,bt2020", "\(flags)")
            #expect(zip(try samples("out.mp4"), reference).allSatisfy { abs($0 - $1) <= 1 }, "\(flags)")
        }
        try folder.succeed("\(raw) --color-primaries bt2020 --color-transfer pq --color-matrix bt709")
        #expect(try tags("out.mp4") == "bt709,smpte2084,bt2020")
    }

    @Test("Lossy WebP has the matrix of BT.601 and the primaries and curve of sRGB, and is shown as it is read")
    func webP() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i color=0xC03060:s=1280x720 -frames:v 1 -c:v libwebp -quality 90 -pix_fmt yuv420p p.webp"
        )
        try folder.succeed("sluice p.webp -r 24 --crf 4 -o out.mp4")
        #expect(try tags("out.mp4") == "smpte170m,iec61966-2-1,bt709")
        let pixel = try folder.decode("out.mp4", "rgb24").prefix(3)
        #expect(zip(pixel, [0xC0, 0x30, 0x60]).allSatisfy { abs(Int($0) - $1) <= 3 }, "\(pixel)")
    }

    @Test("Densities with a unit give the shape of pixels, whoever decodes the picture, and a ratio is a ratio")
    func densities() throws {
        // Twice as many pixels across: each is half as wide as it is high.
        for format in ["rgb24", "gray"] {
            try folder.succeed(
                "ffmpeg -v error -y -f lavfi -i testsrc2=s=64x48 -frames:v 1 -pix_fmt \(format) plain.png"
            )
            let script = """
                import struct, zlib
                density = struct.pack(">IIB", 4000, 2000, 1)
                data = open("plain.png", "rb").read()
                chunk = struct.pack(">I", 9) + b"pHYs" + density + struct.pack(">I", zlib.crc32(b"pHYs" + density))
                place = data.index(b"pHYs") - 4 if b"pHYs" in data else 33
                rest = data[place + 21:] if b"pHYs" in data else data[33:]
                open("dense.png", "wb").write(data[:place] + chunk + rest)
                """
            try folder.write(script, to: "dense.py")
            try folder.succeed("python3 dense.py && sluice dense.png -r 24 --overwrite -o png.mp4")
            #expect(try folder.probe("png.mp4", "sample_aspect_ratio") == "1:2", "\(format)")
        }
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=64x48 -frames:v 1 -update 1 plain.jpg")
        for (unit, ratio) in [(1, "1:2"), (2, "1:2"), (0, "2:1")] {
            var bytes = try folder.bytes("plain.jpg")
            let mark = Array("JFIF".utf8)
            let place = try #require(bytes.indices.first { bytes[$0...].starts(with: mark) })
            bytes.replaceSubrange(place + 7..<place + 12, with: [UInt8(unit), 0, 144, 0, 72])
            try folder.write(bytes, to: "dense.jpg")
            try folder.succeed("sluice dense.jpg -r 24 --overwrite -o jpg.mp4")
            #expect(try folder.probe("jpg.mp4", "sample_aspect_ratio") == ratio, "unit \(unit)")
        }
    }
}
