"""A small record of our own for each way in which the trackers of the family write."""

AI = b"""\
- title: NovaConf
  year: 2026
  id: nova26
  full_name: Conference on Novae
  link: https://nova.example/2026
  abstract_deadline: '2026-05-15 23:59:59'
  deadline: '2026-05-22 23:59:59'
  timezone: UTC-12
  place: Somewhere
  sub: ML
- title: PalConf
  year: 2026
  id: pal26
  link: https://pal.example/
  deadline: '2026-07-01 17:00'
  timezone: PDT
- title: MarsConf
  year: 2026
  id: mars26
  link: mars.example
  deadline: '2026-02-30 23:59:59'
  timezone: UTC
- title: CitConf
  year: 2026
  id: cit26
  link: https://cit.example/
  deadline: '2026-02-20 23:59:59'
  timezone: IST
"""
CCF = b"""\
- title: DeepConf
  description: Conference on Depth
  sub: AI
  confs:
    - year: 2027
      id: deep27
      link: https://deep.example/27
      timeline:
        - abstract_deadline: '2026-08-01 23:59:59'
          deadline: '2026-08-08 23:59:59'
          comment: 'first round'
        - deadline: TBD
      timezone: AoE
      date: May 2027
"""
SEC = b"""\
- name: LockConf
  description: Symposium on Locks
  year: 2027
  link: https://lock.example/2027
  deadline:
    - "%Y-10-31 23:59"
    - "%y-02-28 23:59"
  tags: [SEC, CONF]
- name: KeyConf
  year: 2026
  link: https://key.example/
  deadline: ["2026-3-12 23:59"]
  timezone: Etc/GMT-7
"""
PYTHON = b"""\
- conference: SnakeConf
  year: 2026
  link: https://snake.example/2026
  cfp: '2026-01-10 23:59:00'
  cfp_ext: '2026-01-24 23:59:00'
  tutorial_deadline: '2026-02-01 23:59:00'
  finaid: https://snake.example/aid
  timezone: Europe/Berlin
- conference: AdderConf
  year: 2026
  link: https://adder.example/
  cfp: Cancelled
- conference: BoaConf
  year: 2026
  link: https://boa.example/
  cfp: TBA
"""
ICS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n"
    b"BEGIN:VEVENT\r\nUID:one@x\r\nSUMMARY:GrantConf closes\r\nDTSTAMP:20260101T000000Z\r\n"
    b"DTSTART;VALUE=DATE:20260930\r\nDTEND;VALUE=DATE:20261001\r\n"
    b"URL:https://grant.example/\r\nEND:VEVENT\r\n"
    b"BEGIN:VEVENT\r\nUID:two@x\r\nSUMMARY:HourConf\r\nDTSTAMP:20260101T000000Z\r\n"
    b"DTSTART;TZID=Europe/Berlin:20260329T013000\r\nDTEND;TZID=Europe/Berlin:20260329T040000\r\n"
    b"URL:javascript:alert(1)\r\nEND:VEVENT\r\n"
    b"BEGIN:VEVENT\r\nUID:three@x\r\nSUMMARY:FloatConf\r\nDTSTAMP:20260101T000000Z\r\n"
    b"DTSTART:20260401T120000\r\nEND:VEVENT\r\n"
    b"END:VCALENDAR\r\n"
)
