import Foundation
import Testing

@Suite("A container that is not completed")
struct ContainerFailureTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let frame = [UInt8](repeating: 90, count: 64 * 48 * 3 / 2)

    private func start(_ item: Carriage) throws -> Running {
        let flags = "\(Quick.flags(item.codec)) --latency-mode realtime --input-format raw"
        return try Running("-s 64x48 -r 30 -p i420 \(flags) -o \(item.file)", in: folder)
    }

    private func feed(_ running: Running, _ count: Int) throws {
        for _ in 0..<count { running.input.write(Self.frame) }
        try #require(running.wait(until: { running.unread == 0 }))
    }

    @Test(
        "A container that is not completed because of SIGTERM is a playable .partial file",
        .mustEnd,
        arguments: Carriage.containers + Carriage.ivf + Carriage.obuAnnexB
    )
    func terminated(item: Carriage) throws {
        let running = try start(item)
        try feed(running, 20)
        running.child.send(SIGTERM)
        #expect(running.child.wait(atMost: 15) == .signaled(SIGTERM))
        #expect(folder.names == ["\(item.file).partial"])
        #expect(try folder.frameHashes("\(item.file).partial").count == 20)
        #expect(try folder.probe("\(item.file).partial", "codec_name") == item.codec)
    }

    @Test(
        "A container that is not completed because of SIGKILL leaves nothing at its name",
        .mustEnd,
        arguments: [Carriage.mp4[0], .mkv[2]]
    )
    func killed(item: Carriage) throws {
        let running = try start(item)
        try feed(running, 20)
        running.child.send(SIGKILL)
        #expect(running.child.wait(atMost: 15) == .signaled(SIGKILL))
        #expect(!folder.exists(item.file) && !folder.exists("\(item.file).partial"))
    }

    @Test(
        "A container that is not completed because the disk is full is 74",
        .mustEnd,
        arguments: Carriage.containers + Carriage.ivf + Carriage.obu + Carriage.obuAnnexB
    )
    func full(item: Carriage) throws {
        let source = try folder.source()
        let encode = "sluice -s 64x48 -r 30 -p i420 \(Quick.flags(item.codec)) --format \(item.format)"
        let words = "No space left on device"
        try folder.fail("\(encode) -o /dev/full \(source)", status: 74, saying: words)
        try folder.fail("\(encode) -o - \(source) > /dev/full", status: 74, saying: words)
        if item.hasChunks {
            // Lines go to a device while frames are encoded only if the places of chunks are final.
            let index = ["mp4", "mov", "mkv", "webm"].contains(item.format) ? "--index-at-end" : ""
            try folder.fail(
                "\(encode) \(index) -o \(item.file) --chunks /dev/full \(source)",
                status: 74,
                saying: words
            )
        }
        #expect(folder.names == [source])
    }

    @Test(
        "A container that is not completed because of a limit of the file size is 74, and leaves no file",
        .mustEnd,
        arguments: Carriage.containers
    )
    func limited(item: Carriage) throws {
        let source = try folder.noise(frames: 8)
        let encode = "sluice -s 64x48 -r 30 -p i420 \(Quick.flags(item.codec)) --quantizer 1 -o \(item.file) \(source)"
        try folder.fail("trap '' XFSZ; ulimit -f 4; \(encode)", status: 74, saying: item.file, "File too large")
        #expect(folder.names == [source])
    }

    @Test(
        "A container that is not completed because the reader closes the pipe is 74, with that reason",
        .mustEnd,
        arguments: Carriage.containers
    )
    func closedPipe(item: Carriage) throws {
        // More than a pipe holds.
        let source = try folder.noise(frames: 40)
        let encode = "sluice -s 64x48 -r 30 -p i420 \(Quick.flags(item.codec)) --quantizer 1 --format \(item.format)"
        let outcome = try folder.run("\(encode) -o - \(source) | head -c 40 > /dev/null; echo ${PIPESTATUS[0]}")
        #expect(outcome.text == "74\n")
        #expect(outcome.errors.contains("closed by its reader"))
    }

    @Test(
        "A container that is not completed because of a partial last frame is 65, and leaves no file",
        .mustEnd,
        arguments: Carriage.containers
    )
    func cutInput(item: Carriage) throws {
        try folder.write(Array(repeating: 90, count: Self.frame.count * 2 + 100), to: "in.raw")
        let encode = "sluice -s 64x48 -r 30 -p i420 \(Quick.flags(item.codec)) -o \(item.file) in.raw"
        try folder.fail(encode, status: 65, saying: "frame")
        #expect(folder.names == ["in.raw"])
    }
}
