"""Libraries that fail to open what they are asked to."""

from laboratory import KINDS, Family, require

FAULTS = Family()
fault = FAULTS.fault


OPENINGS = [
    ("x264_encoder_open_164", "h264"), ("vpx_codec_enc_init_ver", "ivf"), ("vpx_codec_enc_init_ver", "webm"),
    ("aom_codec_enc_init_ver", "obu"), ("avcodec_open2", "mkv"),
]


@fault("a codec library fails to open an encoder", len(OPENINGS))
def codec(place):
    call, kind = OPENINGS[place.turn]
    ending = place.encode(*KINDS[kind], "-o", f"out.{kind}", env=place.injected(call))
    require(place.happened, f"{call} is not called: {ending}")
    return place.refused(ending, 69)


MUXINGS = ["avformat_alloc_output_context2", "avformat_write_header", "avio_alloc_context", "av_packet_alloc"]


@fault("libavformat fails to open an output", len(MUXINGS) * 2)
def muxer(place):
    call, kind = MUXINGS[place.turn // 2], ["mp4", "mkv"][place.turn % 2]
    ending = place.encode(*KINDS[kind], "-o", f"out.{kind}", env=place.injected(call))
    require(place.happened, f"{call} is not called: {ending}")
    return place.refused(ending, [69, 74])


DEMUXINGS = ["avformat_open_input", "avio_alloc_context", "avcodec_open2", "av_packet_alloc", "av_frame_alloc"]


@fault("libavformat or libavcodec fails to open an input", len(DEMUXINGS))
def demuxer(place):
    made = place.encode("-o", "in.mp4")
    require(made.code == 0, str(made))
    call = DEMUXINGS[place.turn]
    ending = place.run(["decode", "in.mp4", "-o", "out.y4m"], env=place.injected(call))
    require(place.happened, f"{call} is not called: {ending}")
    return place.refused(ending, [69, 65], left=["in.mp4"])
