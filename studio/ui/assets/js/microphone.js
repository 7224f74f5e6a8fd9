/* The microphone and the camera: opened, listened to, judged, drawn. */
const TOP = .985, CLIPPED = .002;
/* Loudness is the RMS of 2048 samples. RAW is the microphone itself, as the test hears it (a browser's own levelling hides overload and a low level); LEVELLED is what is recorded. The loudest syllable of speech lies around -20 dBFS; under `quiet` words are lost, under `dead` there is not even a room. Samples at the TOP, or flat below it, in more than CLIPPED of what was heard are overload. */
const RAW = {dead: .001, quiet: .008}, LEVELLED = {dead: .003, quiet: .02};
let analyser, samples, stream, context, heard = null;
const openDevices = async (picture, levelled = true) => {
  if (!isSecureContext) throw Object.assign(new Error(), {name: "Insecure"});
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) throw Object.assign(new Error(), {name: "Old"});
  closeDevices();
  stream = await navigator.mediaDevices.getUserMedia({
    audio: {echoCancellation: levelled, noiseSuppression: levelled, autoGainControl: levelled},
    video: picture ? {width: {ideal: 1280}, height: {ideal: 720}, facingMode: "user"} : false,
  });
  context = new AudioContext();
  await context.resume();
  analyser = context.createAnalyser();
  analyser.fftSize = 2048;
  samples = new Float32Array(2048);
  context.createMediaStreamSource(stream).connect(analyser);
  heard = {loudest: 0, top: 0, all: 0};
};
const closeDevices = () => {
  stream?.getTracks().forEach(track => track.stop());
  context?.close();
  stream = context = analyser = null;
};
/* Return how loud it is now, and remember the loudest and what was cut off at the top. */
const listen = () => {
  if (!analyser) return 0;
  analyser.getFloatTimeDomainData(samples);
  let sum = 0, top = 0, peak = 0, flat = 0;
  for (let n = 0; n < samples.length; n++) {
    const high = Math.abs(samples[n]);
    sum += high * high;
    peak = Math.max(peak, high);
    if (high >= TOP) top++;
    else if (n && high > .5 && samples[n] === samples[n - 1]) flat++;
  }
  const loud = Math.sqrt(sum / samples.length);
  heard.loudest = Math.max(heard.loudest, loud);
  heard.top += top + flat;
  heard.all += samples.length;
  return loud;
};
const verdict = than => heard.loudest < than.dead ? "mute" : heard.top > CLIPPED * heard.all ? "clipped" : heard.loudest < than.quiet ? "quiet" : "fine";
const TROUBLES = {NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "absent", OverconstrainedError: "absent", NotReadableError: "busy", AbortError: "busy", Insecure: "insecure", Old: "old"};
