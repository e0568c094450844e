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
}
