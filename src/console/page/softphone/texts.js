/** What the softphone says. `[English, Spanish]` */
export const texts = {
  'softphone.lead': [
    'Calls are spoken here, with the microphone of this computer. Incoming calls ring on every page.',
    'Aquí se hacen y contestan llamadas con el micrófono de este equipo. Las llamadas entrantes suenan en todas las páginas.',
  ],
  'softphone.call': ['Call', 'Llamar'],
  'softphone.from': ['From', 'Desde'],
  'softphone.of.inbound': ['To {number}', 'A {number}'],
  'softphone.of.outbound': ['From {number}', 'Desde {number}'],
  'softphone.number': ['Name, phone number or user id', 'Nombre, teléfono o id de usuario'],
  'softphone.numberHint': ['With country code, such as +52 1 55 1234 0001', 'Con código de país, como +52 1 55 1234 0001'],
  'softphone.place': ['Place a call', 'Hacer una llamada'],
  'softphone.gates': ['Every condition', 'Todas las condiciones'],
  'softphone.checking': ['Looking whether this person may be called…', 'Consultando si se puede llamar a esta persona…'],
  'softphone.earliest': ['Possible from', 'Posible desde'],
  'softphone.busy': ['End the call that is going on first.', 'Termine primero la llamada en curso.'],

  'softphone.inbound': ['Incoming call', 'Llamada entrante'],
  'softphone.outbound': ['Outgoing call', 'Llamada saliente'],
  'softphone.answer': ['Answer', 'Contestar'],
  'softphone.reject': ['Reject', 'Rechazar'],
  'softphone.hangUp': ['Hang up', 'Colgar'],
  'softphone.cancel': ['Cancel the call', 'Cancelar la llamada'],
  'softphone.dial': ['Dial', 'Marcar'],
  'softphone.close': ['Close', 'Cerrar'],
  'softphone.mute': ['Mute', 'Silenciar'],
  'softphone.keypad': ['Keypad', 'Teclado'],
  'softphone.key': ['Send {digit}', 'Enviar {digit}'],
  'softphone.sent': ['Sent: {digits}', 'Enviado: {digits}'],
  'softphone.log': ['Details of the call', 'Detalles de la llamada'],

  'softphone.answerWithin': ['Answer within', 'Conteste en'],
  'softphone.lasts': ['Lasts', 'Dura'],
  'softphone.lasted': ['Lasted', 'Duró'],
  'softphone.warm': ['The sound is ready.', 'El audio está listo.'],
  'softphone.claimed': ['{who} takes this call.', '{who} toma esta llamada.'],
  'softphone.awaiting': [
    'The person was asked for permission. The call goes on when they allow it.',
    'Se pidió permiso a la persona. La llamada sigue cuando lo dé.',
  ],
  'softphone.ready': ['The call may be dialled now.', 'La llamada ya se puede marcar.'],
  'softphone.dialing': ['Dialling…', 'Marcando…'],
  'softphone.unconfirmed': [
    '360dialog has not confirmed this yet; the gateway finds out and does not dial twice.',
    '360dialog aún no lo confirma; el gateway lo averigua y no marca dos veces.',
  ],
  'softphone.ringing': ['It rings at the other side…', 'Está sonando del otro lado…'],
  'softphone.accepting': ['Answering…', 'Contestando…'],
  'softphone.talking': ['In the call', 'En la llamada'],
  'softphone.elsewhere': ['This call is spoken in another window.', 'Esta llamada está abierta en otra ventana.'],
  'softphone.lost': [
    'The page was loaded again, and the sound of this call is gone. The call ends; if it does not, hang up.',
    'La página se recargó y se perdió el audio de esta llamada. La llamada termina; si no, cuelgue.',
  ],
  'softphone.over': ['The call is over: {outcome}.', 'La llamada terminó: {outcome}.'],

  'softphone.you': ['You', 'Usted'],
  'softphone.them': ['Other side', 'Otro lado'],
  'softphone.silence.no_path': [
    'No sound either way: the connection to the other side could not be made. A firewall that blocks UDP is the usual cause.',
    'Sin audio en ningún sentido: no se pudo conectar con el otro lado. La causa habitual es un firewall que bloquea UDP.',
  ],
  'softphone.silence.no_relay': [
    'No sound either way: the connection to the other side could not be made. A firewall that blocks UDP is the usual cause, and no TURN server is set that would get through it: your administrator can set one.',
    'Sin audio en ningún sentido: no se pudo conectar con el otro lado. La causa habitual es un firewall que bloquea UDP, y no hay un servidor TURN que lo atraviese: su administrador puede configurarlo.',
  ],
  'softphone.silence.no_packets': [
    'Nothing arrives from the other side: its network or a firewall in between holds the sound back.',
    'No llega nada del otro lado: su red o un firewall intermedio retiene el audio.',
  ],
  'softphone.silence.quiet': [
    'The other side is silent: muted, or on hold.',
    'El otro lado está en silencio: micrófono silenciado o en espera.',
  ],
  'softphone.silence.microphone': [
    'Your microphone gives no sound: look whether it is switched off, or choose another one.',
    'Su micrófono no da sonido: vea si está apagado, o elija otro.',
  ],
  'softphone.silence.unplugged': ['Your microphone is gone: choose another one.', 'Su micrófono se desconectó: elija otro.'],

  'softphone.microphone.NotAllowedError': [
    'The browser does not let this page use the microphone. Allow it in the address bar, then try again.',
    'El navegador no permite usar el micrófono. Permítalo en la barra de direcciones e intente de nuevo.',
  ],
  'softphone.microphone.NotFoundError': [
    'There is no microphone. Plug one in, then try again.',
    'No hay micrófono. Conecte uno e intente de nuevo.',
  ],
  'softphone.microphone.NotReadableError': [
    'Another program holds the microphone. Close it, then try again.',
    'Otro programa ocupa el micrófono. Ciérrelo e intente de nuevo.',
  ],
  'softphone.microphone.insecure': [
    'Browsers give the microphone only to pages loaded over https, or from this computer itself.',
    'Los navegadores solo dan el micrófono a páginas por https o de este mismo equipo.',
  ],
  'softphone.microphone.other': ['The microphone could not be opened: {why}', 'No se pudo abrir el micrófono: {why}'],
  'softphone.media': ['The sound could not be set up: {why}', 'No se pudo preparar el audio: {why}'],

  'softphone.sound': ['Sound', 'Audio'],
  'softphone.input': ['Microphone', 'Micrófono'],
  'softphone.output': ['Speaker', 'Altavoz'],
  'softphone.default': ['As the system says', 'El del sistema'],
  'softphone.unnamed': ['Device {number}', 'Dispositivo {number}'],
  'softphone.try': ['Allow the microphone and list devices', 'Permitir el micrófono y ver dispositivos'],
  'softphone.warmUp': ['I am ready: take incoming calls for me while they ring', 'Estoy listo: reservar para mí las llamadas que suenan'],
  'softphone.warmUpHint': [
    'The sound is connected before you answer, so that no word is lost. Others cannot answer these calls meanwhile.',
    'El audio se conecta antes de contestar y no se pierde ninguna palabra. Mientras tanto, otros no pueden contestarlas.',
  ],
  'softphone.servers': [
    'STUN and TURN servers, as the owner has set them: {urls}',
    'Servidores STUN y TURN, según el administrador: {urls}',
  ],
  'softphone.serversNone': [
    'No STUN or TURN server is set. WhatsApp needs none; for networks that block UDP your administrator can set them.',
    'No hay servidores STUN ni TURN. WhatsApp no los necesita; para redes que bloquean UDP, su administrador puede configurarlos.',
  ],
  'softphone.signOut': ['You are in a call. Signing out ends it.', 'Está en una llamada. Al cerrar la sesión, termina.'],
  'softphone.signOutYes': ['End the call and sign out', 'Terminar la llamada y salir'],
  'softphone.signOutNo': ['Stay', 'Quedarse'],
};
