"""Appendix A as a table, written down a second time for the reference evaluator and for it alone.

A permit: ``id ; regime ; recipients ; segments ; purposes ; facts``. ``*`` is any. In the facts ``&``, ``|``,
``!x`` (not shown), ``key=a,b`` (one of), ``#a,b`` (under one of these processes), ``@A,B`` (a valid form of one of
these kinds covers it), ``~name`` (a condition written in words, in `reference.WORDS`).
"""

GROUPS = {
    "PHI": "DEM LOC ENROLL CASE MED MH MHPA COMMIT RISK SUDP2 SUDNP2 HIV STI REPRO GEN SDV BILL EMS as-PHI",
    "MEDIC": "ems_medical_personnel emergency_medical_personnel treating_provider_ce treating_provider_nonce",
    "CAREUSE": "TREAT ETREAT ERTREAT COC CAREMGT HPAYMT HOPERAT HQUALIMP HCOMPL TRAIN",
    "TPO": "TREAT ETREAT ERTREAT COC CAREMGT HPAYMT HOPERAT HQUALIMP HCOMPL HACCRED PATSFTY PERFMSR TRAIN",
    "CARE": "TREAT ETREAT ERTREAT COC CAREMGT",
    "OPS": "HOPERAT HQUALIMP HCOMPL HACCRED TRAIN PATSFTY PERFMSR",
}

TEAM = "same_unit & (assigned_to_subject | supervises_program) & !actor_le_employed"
THREAT = "threat_serious & threat_imminent & necessary_to_prevent & recipient_can_prevent & good_faith"
LOCATE = "le_requested & target_class=suspect,fugitive,material_witness,missing_person"
COMMS = "(~not_confidential | order_confidential_comms_finding)"

PERMITS = f"""
hipaa.use.164.506c ; HIPAA ; own_workforce part2_internal ; PHI ; CAREUSE ; ((same_unit & (assigned_to_subject | supervises_program)) | (need_for_sud_duties & same_program)) & !actor_le_employed
hipaa.use.psynotes.164.508a2i ; HIPAA ; own_workforce ; PSYNOTE ; TREAT ETREAT TRAIN ; psynote_originator & same_unit & !actor_le_employed
hipaa.auth.psynotes.164.508a2 ; HIPAA ; * ; PSYNOTE ; * ; @HIPAA-PSY
hipaa.preempt.160.202 ; PA-MH PA-SUD PA-HIV ; hhs ; MH MHPA COMMIT RISK SUDNP2 HIV ; HCOMPL ; verified_authority
p2.use.holder.2.33 ; P2 ; own_workforce ; SUDP2 ; TREAT ETREAT COC CAREMGT ; received_under=tpo_consent,specific_consent & @P2-TPO,P2-SPEC & {TEAM}
p2.use.notes.2.31b ; P2 ; own_workforce part2_internal ; SUDP2N ; TREAT ETREAT TRAIN ; psynote_originator & same_program & !actor_le_employed
cj.use.received ; CJ ; own_workforce ; REFIN CAD ; CAREUSE ; {TEAM}
vs.use.unit ; VS ; own_workforce ; VSP PROTADDR ; CAREUSE X-VICTIMSVC ; {TEAM}
hmis.use.own ; HMIS ; own_workforce ; HMIS ; CAREUSE X-HOUSING ; in_privacy_notice & {TEAM}
pa.mh.use ; PA-MH ; own_workforce ; MH MHPA COMMIT RISK PSYNOTE ; CAREUSE ; {TEAM} & (~not_psynote | psynote_originator)
pa.sud.fed.1690.108d ; PA-SUD ; * ; SUDP2 SUDP2N ; * ; ~part2_permits
pa.sud.use ; PA-SUD ; own_workforce ; SUDNP2 SUDP2 ; CAREUSE ; {TEAM}
pa.hiv.use ; PA-HIV ; own_workforce ; HIV ; CAREUSE ; same_unit & assigned_to_subject & involved_in_hiv_care & !actor_le_employed
vs.access.self ; VS ; individual ; VSP PROTADDR ; PATRQT ; verified_identity & !signer_is_abuser
hmis.access.self ; HMIS ; individual ; HMIS ; PATRQT ; verified_identity
pa.hiv.access.self ; PA-HIV ; individual ; HIV ; PATRQT ; verified_identity
hipaa.auth.164.508 ; HIPAA ; * ; * ; * ; ~not_psynote & ~authorized
hipaa.tpo.treat.164.506c ; HIPAA ; MEDIC part2_program_other och_other_program ; PHI ; CARE X-302 ; recipient_treats_subject
hipaa.tpo.treat.social ; HIPAA ; social_service_org landlord_housing ; DEM CASE MED MH ; COC CAREMGT X-HOUSING ; recipient_service_furthers_health
hipaa.tpo.treat.thirdparty-le ; HIPAA ; le_co_response_partner ; DEM LOC ; COC ; ~where_and_when
hipaa.tpo.pay.164.506c ; HIPAA ; health_plan treating_provider_ce treating_provider_nonce ; PHI ; HPAYMT ;
hipaa.tpo.ops.164.506c ; HIPAA ; part2_internal part2_admin_control ; PHI ; OPS ;
hipaa.tpo.ops.other.164.506c4 ; HIPAA ; health_plan treating_provider_ce ; PHI ; HQUALIMP HCOMPL HACCRED TRAIN PATSFTY PERFMSR ; recipient_is_ce_or_ba & (recipient_treats_subject | recipient_has_relationship)
hipaa.ba.164.502e ; HIPAA ; business_associate qso ; PHI ; TPO ; baa & service_within_agreement
hipaa.secretary.164.502a2 ; HIPAA ; hhs ; * ; HCOMPL ; verified_authority
hipaa.access.164.524 ; HIPAA ; individual ; PHI ; PATRQT ; verified_identity
hipaa.rep.164.502g ; HIPAA ; personal_rep ; PHI ; PWATRNY PATRQT ; (hcpoa_active | adjudicated_incapacity | executor) & verified_authority
hipaa.rep.minor.164.502g3 ; HIPAA ; parent_guardian ; PHI ; PWATRNY PATRQT FAMRQT ; ~under_18 & !minor_consented_alone & !parent_suspected_abuser & verified_identity & verified_authority
hipaa.family.present.164.510b2 ; HIPAA ; family_involved ; PHI ; SUPNWK FAMRQT ; individual_present & individual_capacity & (individual_agreed | no_objection_inferred) & relevant_to_involvement
hipaa.family.absent.164.510b3 ; HIPAA ; family_involved ; PHI ; SUPNWK FAMRQT ; (!individual_present | !individual_capacity) & !individual_objected & involved_in_care & best_interest & relevant_to_involvement
hipaa.family.notify.164.510b1ii ; HIPAA ; family_involved ; DEM LOC MED ; SUPNWK FAMRQT ; individual_agreed | no_objection_inferred | (best_interest & !individual_objected & (!individual_present | !individual_capacity))
hipaa.family.deceased.164.510b5 ; HIPAA ; family_involved ; PHI ; HDECD FAMRQT ; involved_in_care & relevant_to_involvement & !prior_preference_against
hipaa.512a.required ; HIPAA ; * ; PHI PSYNOTE ; * ; ~not_by_own_rows & ~a_law_is_cited & verified_authority
hipaa.512b.publichealth ; HIPAA ; public_health_authority fda ; PHI ; PUBHLTH ; authorized_recipient
hipaa.512b.childabuse ; HIPAA ; child_protective_services ; PHI ; X-ABUSE-CHILD ; child_abuse_suspected & authorized_recipient
hipaa.512c.abuse ; HIPAA ; adult_protective_services law_enforcement ; PHI ; X-ABUSE-ADULT ; adult_abuse_suspected & authorized_recipient & (law_requires_report | victim_agrees | (law_expressly_authorizes & prevents_serious_harm) | (law_expressly_authorizes & victim_incapacitated & le_rep_not_against_victim & le_immediate_need))
hipaa.512d.oversight ; HIPAA ; oversight_agency funder auditor_evaluator ; PHI PSYNOTE ; HCOMPL GOV HPRGRP HACCRED ; authorized_recipient & verified_authority & !use_against_patient & !recipient_is_cja
hipaa.512e.order ; HIPAA ; court attorney_civil prosecutor defense_attorney ; PHI ; HLEGAL X-PROCEEDING ; #court_order & ~in_scope
hipaa.512e.subpoena ; HIPAA ; attorney_civil prosecutor court defense_attorney ; PHI ; HLEGAL X-PROCEEDING ; #attorney_subpoena,da_subpoena & satisfactory_assurance=notice,protective_order & ~in_scope
hipaa.512f1.order ; HIPAA ; law_enforcement prosecutor ; PHI ; X-LE-PROCESS ; #court_order,judicial_subpoena,search_warrant & ~in_scope
hipaa.512f1.grandjury ; HIPAA ; law_enforcement prosecutor ; PHI ; X-LE-PROCESS ; #grand_jury & ~in_scope
hipaa.512f1.admin ; HIPAA ; law_enforcement prosecutor ; PHI ; X-LE-PROCESS ; #admin_subpoena,da_subpoena & admin_three_part
hipaa.512f2.locate ; HIPAA ; law_enforcement ; DEM LOC MED ; X-LE-LOCATE ; {LOCATE}
hipaa.512f3.victim ; HIPAA ; law_enforcement ; PHI ; X-LE-VICTIM ; le_requested & (victim_agrees | (victim_incapacitated & le_rep_not_against_victim & le_immediate_need & best_interest))
hipaa.512f4.decedent ; HIPAA ; law_enforcement ; PHI ; X-LE-DECEDENT ; death_suspected_crime
hipaa.512f5.premises ; HIPAA ; law_enforcement ; PHI ; X-LE-PREMISES ; crime_on_premises & evidence_good_faith
hipaa.512f6.emergency ; HIPAA ; law_enforcement ; LOC SDV ; X-LE-CRIMEMERG ; offsite_emergency_care & alert_needed & !crime_is_abuse_or_dv
hipaa.512g.coroner ; HIPAA ; coroner_me ; PHI PSYNOTE ; HDECD ; cause_of_death_inquiry
hipaa.512i.research ; HIPAA ; researcher ; PHI ; HRESCH ; irb_waiver
hipaa.512j.threat ; HIPAA ; threat_target family_involved parent_guardian law_enforcement le_co_response_partner MEDIC court ; PHI PSYNOTE ; THREAT X-LE-PREMISES X-302 ; ~court_for_302 & {THREAT}
hipaa.512j.admission ; HIPAA ; law_enforcement ; DEM LOC MED MH RISK CASE ; X-LE-LOCATE ; admission_violent_crime & !learned_in_treatment_of_propensity & good_faith
hipaa.512j.escape ; HIPAA ; law_enforcement ; PHI ; X-LE-LOCATE ; escaped_custody & good_faith
hipaa.512k5.custody ; HIPAA ; corrections law_enforcement ; PHI ; X-LE-CUSTODY ; in_lawful_custody & custodian_represents_need & !released_from_custody
hipaa.512k6.benefits ; HIPAA ; benefits_agency ; DEM ENROLL BILL ; ELIGDTRM GOV ; authorized_recipient
hipaa.502j2.workforcevictim ; HIPAA ; law_enforcement ; DEM MED ; X-LE-VICTIM X-LE-PREMISES ; crime_against_personnel & patient_is_perpetrator
hipaa.deid.164.514b ; * ; * ; AGG ; * ; deid_method=safe_harbor,expert & small_cells_suppressed
hipaa.lds.164.514e ; HIPAA ; researcher public_health_authority business_associate ; LDS ; HRESCH PUBHLTH HOPERAT ; dua
p2.disclose.consent.2.33a1 ; P2 ; * ; SUDP2 SUDP2N ; * ; ~not_monitoring & ((~not_notes & @P2-SPEC,MULTI-CONF,P2-PROC) | (~notes & @P2-NOTES))
p2.disclose.tpo.2.33a2 ; P2 ; MEDIC health_plan business_associate part2_program_other och_other_program ; SUDP2 ; TPO ; @P2-TPO & (~not_och | recipient_treats_subject)
p2.redisc.ce.2.33b1 ; P2 ; * ; SUDP2 ; * ; ~not_justice & ~not_proceedings & received_under=tpo_consent & ~holder_covered & ~hipaa_matched
p2.redisc.program.2.33b2 ; P2 ; * ; SUDP2 ; TPO ; received_under=tpo_consent & @P2-TPO & ~uncovered_program
p2.redisc.holder.2.33b3 ; P2 ; contractor ; SUDP2 ; HPAYMT HOPERAT ; contract_2.33c & received_under=tpo_consent,specific_consent
p2.cj.2.35 ; P2 ; prosecutor court probation_parole ; SUDP2 ; X-CJ-MONITOR ; @P2-CJ35 & cj_condition & recipient_monitoring_duty & !final_disposition_reached & !new_unrelated_case
p2.internal.2.12c3 ; P2 ; part2_internal part2_admin_control own_workforce ; SUDP2 ; CAREUSE ; need_for_sud_duties & (same_program | direct_admin_control) & !actor_le_employed
p2.qso.2.12c4 ; P2 ; qso business_associate ; SUDP2 ; HOPERAT HPAYMT ; qsoa & service_within_agreement
p2.premises.2.12c5 ; P2 ; law_enforcement ; DEM LOC ENROLL ; X-LE-PREMISES ; patient_is_perpetrator & (crime_on_premises | crime_against_personnel | threat_against=program_staff,program_premises)
p2.childabuse.2.12c6 ; P2 ; child_protective_services ; SUDP2 ; X-ABUSE-CHILD ; child_abuse_suspected & initial_report & authorized_recipient
p2.nonidentifying ; P2 ; law_enforcement threat_target adult_protective_services ; DEM LOC CASE MED MH RISK ; THREAT X-ABUSE-ADULT ; nonidentifying_content & ~not_read_as_part2
p2.access.2.23 ; P2 ; individual ; SUDP2 ; PATRQT ; verified_identity
p2.emergency.2.51 ; P2 ; MEDIC ; SUDP2 ; ETREAT ERTREAT ; medical_emergency & consent_unobtainable & recipient_is_medical_personnel
p2.emergency.disaster.2.51a2 ; P2 ; MEDIC ; SUDP2 ; ETREAT DISASTER ; medical_emergency & declared_disaster_program_closed & recipient_is_medical_personnel
p2.emergency.fda.2.51b ; P2 ; fda ; SUDP2 ; PUBHLTH ; product_error_assertion & recipient_is_medical_personnel
p2.minor.threat.2.14c ; P2 ; parent_guardian ; SUDP2 ; THREAT SUPNWK FAMRQT ; minor_lacks_rational_choice & substantial_threat_to_life & director_determination
p2.incapacity.adj.2.15a1 ; P2 ; * ; SUDP2 ; * ; ~not_monitoring & adjudicated_incapacity & verified_authority & ~signed_by_representative
p2.incapacity.payment.2.15a2 ; P2 ; health_plan ; SUDP2 BILL ; HPAYMT ; condition_prevents_action & director_determination & !adjudicated_incapacity
p2.deceased.vital.2.15b1 ; P2 ; coroner_me public_health_authority ; SUDP2 ; HDECD ; cause_of_death_inquiry
p2.deceased.consent.2.15b2 ; P2 ; * ; SUDP2 ; * ; ~not_monitoring & ~signed_for_the_dead
p2.research.2.52 ; P2 ; researcher ; SUDP2 ; HRESCH ; research_compliant & (irb_waiver | @P2-SPEC,HIPAA-AUTH)
p2.audit.2.53 ; P2 ; auditor_evaluator oversight_agency funder ; SUDP2 ; HCOMPL HPRGRP GOV HACCRED ; auditor_funds_or_regulates & audit_undertaking & !recipient_is_cja
p2.publichealth.2.54 ; P2 ; public_health_authority ; AGG ; PUBHLTH ; deid_method=safe_harbor,expert
p2.order.noncriminal.2.64 ; P2 ; * ; SUDP2 SUDP2N ; HLEGAL X-PROCEEDING ; ~not_prosecution & #p2_order_2.64 & order_after_hearing & order_with_mandate & ~named_in_scope & {COMMS}
p2.order.patient.2.65 ; P2 ; law_enforcement prosecutor ; SUDP2 SUDP2N ; X-LE-PROCESS X-PROCEEDING ; #p2_order_2.65 & order_after_hearing & order_independent_counsel & order_with_mandate & ~named_in_scope & {COMMS}
p2.order.program.2.66 ; P2 ; law_enforcement prosecutor oversight_agency ; SUDP2 SUDP2N ; X-LE-PROCESS ; #p2_order_2.66 & order_with_mandate & !order_names_use_against_patient & !use_against_patient & ~named_in_scope & {COMMS}
p2.secretary.2.2b ; P2 ; hhs ; SUDP2 SUDP2N ; HCOMPL ; verified_authority
pa.sud.treat.1690.108bi ; PA-SUD ; MEDIC ; SUDNP2 ; CARE X-302 ; recipient_treats_subject
pa.sud.benefits.1690.108bii ; PA-SUD ; benefits_agency ; SUDNP2 ; ELIGDTRM ; pa_1690_benefits
pa.sud.ce.1690.108biii ; PA-SUD ; MEDIC health_plan business_associate ; SUDNP2 ; TPO ; recipient_is_ce_or_ba
pa.sud.consent ; PA-SUD ; * ; SUDNP2 ; * ; @ANY | ~own_request
pa.sud.court.1690.108b2 ; PA-SUD ; * ; SUDNP2 ; HLEGAL X-LE-PROCESS X-PROCEEDING ; #common_pleas_1690.108 & ~in_scope
pa.mh.treat.5100.32a1 ; PA-MH ; MEDIC corrections ; MHPA COMMIT MH RISK ; CARE X-LE-CUSTODY ; recipient_treats_subject
pa.mh.ce.7111 ; PA-MH ; MEDIC health_plan business_associate ; MHPA MH RISK ; TPO ; recipient_is_ce_or_ba
pa.mh.emerg.5100.32a9 ; PA-MH ; law_enforcement le_co_response_partner MEDIC family_involved parent_guardian threat_target ; RISK MHPA MH ; THREAT ETREAT ; emergency_medical_situation & serious_bodily_harm_risk
pa.mh.court.5100.32a6 ; PA-MH ; court treating_provider_ce ; COMMIT MHPA MH RISK ; X-302 HLEGAL ; (~for_302 | mhpa_proceeding) & ~in_scope
pa.mh.302 ; PA-MH ; court treating_provider_ce ; COMMIT MHPA MH RISK ; X-302 HLEGAL ; (~for_302 | mhpa_proceeding) & ~in_scope
pa.mh.order.5100.35 ; PA-MH ; * ; MHPA COMMIT ; HLEGAL X-PROCEEDING X-LE-PROCESS ; #court_order & ~named_in_scope
pa.mh.consent.5100.34 ; PA-MH ; * ; MHPA MH COMMIT RISK PSYNOTE ; * ; @PA-MH | (~psynote & ~no_facility & @HIPAA-PSY)
pa.mh.access.5100.33 ; PA-MH ; individual parent_guardian personal_rep ; MHPA MH COMMIT RISK ; PATRQT PWATRNY FAMRQT ; (~to_individual & verified_identity) | (~to_parent & ~under_14 & verified_authority & !parent_suspected_abuser) | (~to_rep & (adjudicated_incapacity | executor) & verified_authority)
pa.hiv.treat.7607a ; PA-HIV ; MEDIC ; HIV ; TREAT ETREAT ERTREAT ; recipient_treats_subject
pa.hiv.other.7607a ; PA-HIV ; public_health_authority health_plan oversight_agency coroner_me ; HIV ; PUBHLTH HPAYMT HACCRED HDECD ; authorized_recipient
pa.hiv.consent.7607c ; PA-HIV ; * ; HIV ; * ; @PA-HIV | ~hiv_consent_stated
pa.hiv.order.7608 ; PA-HIV ; * ; HIV ; HLEGAL X-LE-PROCESS ; #order_7608 & ~in_scope
pa.childabuse.6311 ; HIPAA PA-MH PA-SUD VS HMIS ; child_protective_services ; PHI VSP HMIS SUDNP2 ; X-ABUSE-CHILD ; child_abuse_suspected & initial_report
vs.release ; VS ; * ; VSP PROTADDR ; * ; ~released_by_the_person & ~not_shown_abuser & ~not_shown_conditioned
vs.mandate ; VS ; * ; VSP ; * ; vs_mandate & victim_notice_attempted & ~in_scope
vs.aggregate ; VS ; * ; AGG ; * ; deid_method=safe_harbor,expert
hmis.use.std ; HMIS ; hmis social_service_org landlord_housing och_other_program part2_program_other MEDIC ; HMIS ; CARE X-HOUSING HOPERAT ; in_privacy_notice
hmis.threat ; HMIS ; law_enforcement le_co_response_partner threat_target family_involved parent_guardian MEDIC ; HMIS ; THREAT ; in_privacy_notice & {THREAT}
hmis.le.process ; HMIS ; law_enforcement prosecutor ; HMIS ; X-LE-PROCESS ; #court_order,search_warrant,judicial_subpoena,grand_jury & ~in_scope
hmis.le.written ; HMIS ; law_enforcement ; HMIS ; X-LE-PROCESS X-LE-INVESTIGATE ; in_privacy_notice & le_request_form=written & le_written_supervisor_signed & admin_three_part
hmis.le.locate ; HMIS ; law_enforcement ; HMIS ; X-LE-LOCATE ; in_privacy_notice & {LOCATE}
hmis.le.premises ; HMIS ; law_enforcement ; HMIS ; X-LE-PREMISES ; in_privacy_notice & crime_on_premises & evidence_good_faith
cj.referral.in ; CJ ; clinical_app_user ; REFIN ; X-REFERRAL-IN ;
cj.cad ; CJ ; clinical_app_user ; CAD ; X-REFERRAL-IN ;
cj.chria.9104 ; CJ ; * ; BLOT ; * ;
cj.chria.9121 ; CJ ; clinical_app_user ; CHRI ; X-RECORDCHECK ; chria_request_logged
pa.odin.act158 ; CJ ; odin_psp ; ODIN ; X-OVERDOSE-MAP ; official_duty_overdose_report & actor_le_employed
"""

JUSTICE = "prosecutor,court,law_enforcement,probation_parole"
# A bar: ``id ; regime ; recipients ; segments ; applies when ; lifted by``. There ``x?`` is "x is shown"; a lift is the
# id of a permit (``p2.*`` a family, ``-id`` all but), ``@A`` a form, or a condition.
BARS = """
p2.proceedings.2.12d1 ; P2 ; * ; SUDP2 SUDP2N ; ~serves_a_proceeding ; @P2-PROC p2.order.noncriminal.2.64 p2.order.patient.2.65 p2.order.program.2.66 p2.cj.2.35 p2.premises.2.12c5
p2.ack.2.13c ; P2 ; * ; ENROLL IDMATCH ; ~may_be_program & ~outside ; @P2-TPO,P2-SPEC,P2-PROC,P2-CJ35,MULTI-CONF p2.* -p2.nonidentifying -p2.publichealth.2.54
p2.consent.notes.2.31b ; P2 ; * ; SUDP2N ; ; @P2-NOTES p2.use.notes.2.31b p2.secretary.2.2b p2.deceased.vital.2.15b1 p2.audit.2.53 ~found_in_order
p2.default-deny.2.13a ; P2 ; * ; SUDP2 SUDP2N ; ; p2.*
p2.minor.alone.2.14a ; P2 ; parent_guardian ; SUDP2 SUDP2N ENROLL ; ~minor & care_kind=sud ; ~signed_by_the_minor p2.minor.threat.2.14c
p2.order.recipients.2.62 ; P2 ; * ; SUDP2 SUDP2N ; received_under=research,audit & (~order_2.65 | use_against_patient) ; p2.order.program.2.66
cj.p2.quarantine ; P2 ; * ; SUDP2 SUDP2N ; ~held_by_police ;
p2.restrict.2.26 ; P2 ; * ; * ; ~restricted ; ~emergency_needs_it ~to_individual ~beyond_tpo
p2.restrict.selfpay.2.26a6 ; P2 ; health_plan ; * ; paid_in_full & ~payment_or_operations ; ~a_law_is_cited
hipaa.restrict.164.522a ; HIPAA ; * ; * ; ~restricted ; ~emergency_needs_it ~to_individual ~permit_beyond_522
hipaa.restrict.selfpay.164.522a1vi ; HIPAA ; health_plan ; PHI ; paid_in_full & ~payment_or_operations ; ~a_law_is_cited
hipaa.psynotes.164.508a2 ; HIPAA ; * ; PSYNOTE ; ; @HIPAA-PSY hipaa.use.psynotes.164.508a2i hipaa.secretary.164.502a2 hipaa.512a.required hipaa.512d.oversight hipaa.512g.coroner hipaa.512j.threat
hipaa.rep.abuse.164.502g5 ; HIPAA ; parent_guardian personal_rep ; * ; parent_suspected_abuser ;
hipaa.family.objected ; HIPAA ; family_involved ; PHI ; individual_capacity & individual_objected ; hipaa.512j.threat @HIPAA-AUTH
hipaa.sale-marketing.164.508a3 ; HIPAA ; * ; PHI ; is_marketing_or_sale ; @HIPAA-AUTH
vs.nondisclosure ; VS ; * ; VSP PROTADDR ; ; vs.release vs.mandate vs.aggregate vs.access.self vs.use.unit pa.childabuse.6311
vs.unit ; VS ; och_other_program le_co_response_partner law_enforcement elected_official ; VSP PROTADDR ; ; vs.release vs.mandate vs.access.self pa.childabuse.6311
hmis.vsp ; VS ; hmis ; VSP ; ;
pa.priv.sexassault.5945.1 ; VS ; * ; VSP ; content_privileged & ~not_own_or_self ; @VS-REL
pa.priv.dv.6116 ; VS ; * ; VSP ; content_privileged & ~not_own_or_self ; @VS-REL pa.childabuse.6311
pa.hiv.7607 ; PA-HIV ; * ; HIV ; ; pa.hiv.* hipaa.preempt.160.202
pa.mh.privileged ; PA-MH ; * ; PSYNOTE MHPA ; content_privileged ; @PA-MH,HIPAA-PSY ~own_notes ~own_facility_record pa.childabuse.6311
pa.mh.7111 ; PA-MH ; * ; MHPA COMMIT MH RISK ; ; pa.mh.* pa.childabuse.6311 hipaa.preempt.160.202
pa.minor.mh.records.10101.2 ; PA-MH HIPAA ; parent_guardian ; MH MHPA RISK ; ~aged_14_to_17 & minor_consented_alone ; ~signed_by_the_minor hipaa.512j.threat pa.mh.emerg.5100.32a9
pa.sud.state.1690.108b ; PA-SUD ; * ; SUDNP2 ; ; pa.sud.* pa.childabuse.6311 hipaa.preempt.160.202
hmis.notice ; HMIS ; * ; HMIS ; ~no_notice ; @ANY hmis.access.self hmis.le.process pa.childabuse.6311 hipaa.512a.required
cj.chria.9106 ; CJ ; * ; INV ; ~no_cja ;
cj.cjis ; CJ ; * ; CJI ; ~no_cja_or_clinical ;
pa.juv.6307 ; CJ ; clinical_app_user ; JUV ; ;
cj.idmatch ; * ; * ; IDMATCH ; ; ~one_person
pa.rtkl.67.708 ; * ; rtkl_requester ; * ; ; ~totals
conf.no-notes ; * ; case_conference ; SUDP2N PSYNOTE ; ;
conf.no-vsp ; * ; case_conference ; VSP PROTADDR ; ;
conf.no-proceedings ; * ; case_conference ; * ; ~used_against_in_conference ; @P2-PROC,P2-CJ35
lead.goldenrule ; * ; law_enforcement le_co_response_partner prosecutor probation_parole ; * ; ~source_lead & use_against_patient ; @P2-PROC,P2-CJ35 p2.order.patient.2.65 p2.order.program.2.66 hipaa.512f1.order hipaa.512e.order
"""
