import Testing

@testable import VideoTypes

@Suite("Zones of frames")
struct FrameZonesTests {
    @Test("Zones of frames count from a segment's first frame, and end where the segment begins (fault G1)")
    func counting() throws {
        let zones = try #require(FrameZones("0,9,q=10/40,49,b=1.5/45,80,q=30"))
        #expect(zones.counting(fromFrame: 45)?.description == "0,4,b=1.5/0,35,q=30")
        #expect(zones.counting(fromFrame: 81) == nil)
        #expect(zones.counting(fromFrame: 0)?.description == "0,9,q=10/40,49,b=1.5/45,80,q=30")
    }

    @Test(
        "Zones of frames are not read from anything else",
        arguments: ["", "1,2", "5,3,q=1", "1,2,q=", "1,2,ref=3", "a,2,q=1", "1,2,q=1/", "-1,2,q=1"]
    )
    func malformed(_ text: String) { #expect(FrameZones(text) == nil) }
}
