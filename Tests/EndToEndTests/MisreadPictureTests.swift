import Testing

/// What libavcodec reads as something else than what was written, without an error.
@Suite("Pictures and streams that libavcodec misreads are read rightly, or refused by name", .mustEnd)
struct MisreadPictureTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func python(_ script: String) throws {
        try folder.write(script, to: "make.py")
        try folder.succeed("python3 make.py")
    }

    @Test(
        "Gray PNG of fewer than 8 bits with a transparent color is refused, and without one it is read",
        arguments: [1, 2, 4]
    )
    func packedGray(bits: Int) throws {
        try python(
            """
            import struct, zlib
            def chunk(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
            def png(transparent):
                rows = b''.join(b'\\0' + bytes([y * 7 & 255] * (64 * \(bits) // 8)) for y in range(48))
                head = chunk(b'IHDR', struct.pack('>IIBBBBB', 64, 48, \(bits), 0, 0, 0, 0))
                return b'\\x89PNG\\r\\n\\x1a\\n' + head + transparent + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')
            open('a_0.png', 'wb').write(png(chunk(b'tRNS', struct.pack('>H', 1))))
            open('b_0.png', 'wb').write(png(b''))
            """
        )
        let outcome = try folder.run("sluice 'a_%d.png' -r 5 -o o.mp4")
        #expect(outcome.ending == .exited(69), "\(outcome.errors)")
        #expect(outcome.errors.contains("a_0.png") && outcome.errors.contains("with a transparent color"))
        try folder.succeed("sluice 'b_%d.png' -r 5 -o o.mp4")
    }

    @Test("Gray OpenEXR has equal parts of red, green and blue")
    func grayFloats() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i 'nullsrc=s=64x48,format=grayf32le,geq=lum=X/64' -frames:v 1 g_0.exr && ffmpeg -v error -i g_0.exr -f rawvideo g.raw"
        )
        try folder.succeed("sluice decode 'g_%d.exr' -r 5 -o o.raw")
        let (gray, colors) = (try folder.bytes("g.raw"), try folder.bytes("o.raw"))
        #expect(gray.count == 64 * 48 * 4 && colors == gray + gray + gray)
    }

    @Test("OpenEXR whose display window begins elsewhere than at 0,0 is refused by name")
    func displayWindow() throws {
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=64x48 -frames:v 1 -pix_fmt gbrpf32le d_0.exr")
        try python(
            """
            import struct
            data = open('d_0.exr', 'rb').read()
            place = data.index(b'displayWindow\\0box2i\\0') + 20 + 4
            open('d_0.exr', 'wb').write(data[:place] + struct.pack('<4i', 16, 8, 79, 55) + data[place + 16:])
            """
        )
        let outcome = try folder.run("sluice 'd_%d.exr' -r 5 -o o.mp4")
        #expect(outcome.ending == .exited(69) && outcome.errors.contains("begins at 16,8"), "\(outcome.errors)")
    }

    @Test("DPX is turned as its header tells, and what is not read of it is refused")
    func dpx() throws {
        try folder.succeed("ffmpeg -v error -f lavfi -i testsrc2=s=64x48 -frames:v 1 -pix_fmt gbrp10be p_0.dpx")
        for (orientation, degrees, isMirrored) in [(0, 0, false), (1, 0, true), (2, 180, true), (3, 180, false)] {
            try patch(at: 768, [0, UInt8(orientation)])
            try folder.succeed("sluice 'q_%d.dpx' -r 5 --codec h264 --overwrite -o o.mp4")
            let matrix = try folder.succeed(
                "ffprobe -v error -show_entries stream_side_data=displaymatrix -of json o.mp4"
            ).lines
            let isTurned = matrix.contains { $0.contains("00000000:") }
            #expect(isTurned == (orientation != 0), "\(orientation): \(matrix)")
            // The oracle: ffmpeg turns what it decodes of the output as the file tells, as it does by hand with the DPX.
            let turn = [degrees == 180 ? "hflip,vflip" : "null", isMirrored ? "hflip" : "null"].joined(separator: ",")
            let difference = try folder.succeed(
                "ffmpeg -v error -i o.mp4 -vf format=rgb24 -frames:v 1 -f rawvideo - > a.rgb; ffmpeg -v error -i p_0.dpx -vf \(turn),format=rgb24 -f rawvideo - > b.rgb; python3 -c 'import numpy as n; print(abs(n.fromfile(\"a.rgb\",n.uint8).astype(int)-n.fromfile(\"b.rgb\",n.uint8)).mean())'"
            ).lines
            #expect(Double(difference.first ?? "") ?? 99 < 12, "\(orientation): \(difference)")
        }
        for (place, bytes, words): (Int, [UInt8], String) in [
            (768, [0, 5], "orientation 5"), (812, [0, 0, 0, 16], "16 bytes of padding"),
        ] {
            try patch(at: place, bytes)
            let outcome = try folder.run("sluice 'q_%d.dpx' -r 5 --overwrite -o o.mp4")
            #expect(outcome.ending == .exited(69) && outcome.errors.contains(words), "\(outcome.errors)")
        }
    }

    private func patch(at place: Int, _ bytes: [UInt8]) throws {
        var file = try folder.bytes("p_0.dpx")
        file.replaceSubrange(place..<place + bytes.count, with: bytes)
        try folder.write(file, to: "q_0.dpx")
    }

    @Test("Dirac of 10 bits decodes to the same pictures with any number of threads")
    func dirac() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=176x144:r=25 -frames:v 6 -c:v vc2 -pix_fmt yuv422p10le v.mkv"
        )
        try folder.succeed("ffmpeg -v error -threads 1 -i v.mkv -f rawvideo expected")
        for _ in 0..<5 { try folder.succeed("sluice decode v.mkv --quiet -o - | cmp - expected") }
    }

    @Test("YUV of 9 bits and limited range doubles its values in 10 bits")
    func nineBits() throws {
        try folder.succeed(
            """
            ffmpeg -v error -f lavfi -i "nullsrc=s=64x64:r=25,format=yuv444p,geq=lum='X*4':cb=128:cr=Y*4" -frames:v 1 \\
            -pix_fmt yuv420p9le -color_range tv -c:v ffv1 n.mkv && ffmpeg -v error -i n.mkv -f rawvideo n.raw
            """
        )
        try folder.succeed("sluice decode n.mkv --quiet -o o.raw")
        try folder.succeed(
            "python3 -c 'import numpy as n; a=n.fromfile(\"n.raw\",n.uint16); b=n.fromfile(\"o.raw\",n.uint16); assert (2*a==b).all(), (a[:64],b[:64])'"
        )
    }

    @Test("The last picture of a variable rate in MP4 with B-frames is shown as long as the file tells")
    func lastDuration() throws {
        try folder.write(
            "# timestamp format v2\n0\n10\n20\n37\n70\n86\n127\n227\n327\n343\n353\n853\n869\n903\n",
            to: "t.txt"
        )
        try folder.succeed("sluice testsrc -s 64x32 -p i420 --frames 14 > t.yuv")
        let encode = "sluice t.yuv -s 64x32 -p i420 --frame-times t.txt --duration-of-last 0.5 --quiet"
        try folder.succeed(
            "\(encode) -o v.mp4 && sluice v.mp4 --quiet -o w.mp4 && sluice v.mp4 --codec vp9 --quiet --chunks c.jsonl -o w.webm"
        )
        let length = try folder.succeed("ffprobe -v error -show_entries format=duration -of csv=p=0 w.mp4").lines.first
        #expect(abs((length.flatMap { Double($0) } ?? 0) - 1.403) < 0.002, "\(length ?? "")")
        let last = try #require(
            try folder.text("c.jsonl").split(separator: "\n").last?.firstMatch(of: /"duration":(\d+)/)
        )
        #expect(abs((Int(last.output.1) ?? 0) - 500_000) < 1500)
    }

    @Test("A file of a pattern that holds several pictures is refused, and one with a preview behind it is read")
    func severalPictures() throws {
        try folder.succeed(
            "for n in 0 1; do ffmpeg -v error -f lavfi -i testsrc2=s=64x48 -frames:v 1 $n.png -frames:v 1 $n.jpg; done"
        )
        try folder.succeed("cat 0.png 1.png > p_0.png; cat 0.jpg 1.jpg > j_0.jpg")
        try python(
            #"""
            import struct
            def page(offset, last, kind=0):
                tags = [(254,4,1,kind),(256,4,1,4),(257,4,1,2),(258,3,1,8),(262,3,1,1),(273,4,1,8),(277,3,1,1),(278,4,1,2),(279,4,1,8)]
                body = struct.pack('<H', len(tags)) + b''.join(struct.pack('<HHII', *tag) for tag in tags)
                return body + struct.pack('<I', 0 if last else offset + len(body) + 4)
            def tiff(pages):
                data = b'II*\0' + struct.pack('<I', 16) + bytes(range(8))
                for number, kind in enumerate(pages): data += page(len(data), number == len(pages) - 1, kind)
                return data
            open('t_0.tif', 'wb').write(tiff([0, 0]))
            open('s_0.tif', 'wb').write(tiff([0, 1]))
            open('o_0.tif', 'wb').write(tiff([0]))
            jpeg = open('0.jpg', 'rb').read()
            open('m_0.jpg', 'wb').write(jpeg[:2] + b'\xff\xe2\0\x06MPF\0' + jpeg[2:] + jpeg)
            """#
        )
        for name in ["p_%d.png", "j_%d.jpg", "t_%d.tif"] {
            let outcome = try folder.run("sluice decode '\(name)' -r 5 -o o.raw --overwrite")
            #expect(
                outcome.ending == .exited(69) && outcome.errors.contains("write a file for each"),
                "\(name): \(outcome.errors)"
            )
        }
        for name in ["s_%d.tif", "o_%d.tif", "m_%d.jpg"] {
            try folder.succeed("sluice decode '\(name)' -r 5 -o o.raw --overwrite")
        }
    }

    @Test("Edit lists that libavformat plays as others are refused, and a gap at the beginning is kept")
    func edits() throws {
        try folder.succeed(
            "ffmpeg -v error -f lavfi -i testsrc2=s=64x48:r=25 -frames:v 50 -c:v mpeg4 -video_track_timescale 2500 a.mov"
        )
        try python(
            """
            import struct
            data = open('a.mov', 'rb').read()
            def edited(entries):
                place = data.index(b'elst') - 4
                size = struct.unpack('>I', data[place:place+4])[0]
                box = struct.pack('>I4sII', 16 + 12 * len(entries), b'elst', 0, len(entries))
                box += b''.join(struct.pack('>IiHH', *entry) for entry in entries)
                grown, out = len(box) - size, bytearray(data[:place] + box + data[place+size:])
                for name in (b'moov', b'trak', b'edts'):
                    at = out.index(name) - 4
                    out[at:at+4] = struct.pack('>I', struct.unpack('>I', out[at:at+4])[0] + grown)
                return bytes(out)
            open('gap.mov', 'wb').write(edited([(400, 0, 1, 0), (500, -1, 1, 0), (400, 2000, 1, 0)]))
            open('fast.mov', 'wb').write(edited([(1000, 0, 2, 0)]))
            open('late.mov', 'wb').write(edited([(400, -1, 1, 0), (1000, 0, 1, 0)]))
            """
        )
        for (name, words) in [("gap", "is a gap between pictures"), ("fast", "has the rate 2.0")] {
            let outcome = try folder.run("sluice decode \(name).mov -o o.y4m --overwrite")
            #expect(outcome.ending == .exited(69) && outcome.errors.contains(words), "\(outcome.errors)")
        }
        try folder.succeed("sluice decode late.mov -o o.y4m --overwrite")
    }
}
